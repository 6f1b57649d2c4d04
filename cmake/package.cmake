# cmake --install and cpack.
if(WEIR_HAS_MAIN)
  install(TARGETS weir RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
if(WEIR_HAS_RT)
  install(TARGETS weir_rt ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
endif()
file(GLOB headers CONFIGURE_DEPENDS runtime/weir.h runtime/weir_*.h)
install(FILES ${headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/weir)
configure_file(packaging/weir.pc.in weir.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/weir.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES packaging/weir.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES packaging/weir.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME weir)
# Debian's zsh looks in the second for packages, everyone's in the first.
foreach(dir site-functions vendor-completions)
  install(FILES packaging/_weir DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/${dir})
endforeach()
install(FILES packaging/weir.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/weir RENAME copyright)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME weir)
set(CPACK_PACKAGE_CONTACT "The weir authors <weir@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# shlibdeps sees the shared libraries; the time zones are read from the system. The JIT needs nothing else.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "tzdata")
# --http loads libmicrohttpd; tcc has the headers that libtcc has for C functions (stdbool.h and the like); `weir build` and the optimising
# tier of `weir run` call cc and link the runtime's libraries.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS
  "libmicrohttpd12, tcc, gcc, libc6-dev, librdkafka-dev, librocksdb-dev, libjemalloc-dev, libpcre2-dev, libxxhash-dev, libutf8proc-dev, libssl-dev")
include(CPack)
