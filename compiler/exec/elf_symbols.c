#include "exec/elf_symbols.h"

#include <elf.h>
#include <string.h>

static bool is_within(size_t size, uint64_t offset, uint64_t length)
{
    return offset <= size && length <= size - offset;
}

static bool section_at(const char *object, size_t size, const Elf64_Ehdr *head, uint64_t i, Elf64_Shdr *section)
{
    uint64_t offset = head->e_shoff + i * sizeof *section;
    if (i >= head->e_shnum || !is_within(size, offset, sizeof *section))
        return false;
    memcpy(section, object + offset, sizeof *section);
    return section->sh_type == SHT_NOBITS || is_within(size, section->sh_offset, section->sh_size);
}

static void visit(const char *object, const Elf64_Shdr *symbols, const Elf64_Shdr *names,
                  void (*each)(void *arg, const char *name, bool defined), void *arg)
{
    for (uint64_t at = 0; at + sizeof(Elf64_Sym) <= symbols->sh_size; at += sizeof(Elf64_Sym)) {
        Elf64_Sym symbol;
        memcpy(&symbol, object + symbols->sh_offset + at, sizeof symbol);
        if (symbol.st_name == 0 || symbol.st_name >= names->sh_size || ELF64_ST_BIND(symbol.st_info) == STB_LOCAL)
            continue;
        const char *name = object + names->sh_offset + symbol.st_name;
        if (memchr(name, 0, names->sh_size - symbol.st_name))
            each(arg, name, symbol.st_shndx != SHN_UNDEF);
    }
}

bool elf_symbols(const char *object, size_t size, void (*each)(void *arg, const char *name, bool defined), void *arg)
{
    Elf64_Ehdr head;
    if (size < sizeof head)
        return false;
    memcpy(&head, object, sizeof head);
    if (memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 || head.e_ident[EI_CLASS] != ELFCLASS64)
        return false;
    for (uint64_t i = 0; i < head.e_shnum; i++) {
        Elf64_Shdr symbols, names;
        if (!section_at(object, size, &head, i, &symbols))
            return false;
        if (symbols.sh_type == SHT_SYMTAB && section_at(object, size, &head, symbols.sh_link, &names) &&
            names.sh_type == SHT_STRTAB)
            visit(object, &symbols, &names, each, arg);
    }
    return true;
}
