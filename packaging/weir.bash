# bash completion for weir
_weir()
{
    local cur prev command i
    COMPREPLY=()
    cur=${COMP_WORDS[COMP_CWORD]}
    prev=${COMP_WORDS[COMP_CWORD - 1]}
    command=
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        run | build | emit | check | test | graph | fmt | new) command=${COMP_WORDS[i]} && break ;;
        esac
    done
    if [[ -z $command ]]; then
        mapfile -t COMPREPLY < <(compgen -W "run build emit check test graph fmt new --help --version" -- "$cur")
        return
    fi
    case $prev in
    --stage) mapfile -t COMPREPLY < <(compgen -W "ast types program topology plan c" -- "$cur") && return ;;
    --format) mapfile -t COMPREPLY < <(compgen -W "text dot mermaid svg" -- "$cur") && return ;;
    --error-format) mapfile -t COMPREPLY < <(compgen -W "text json" -- "$cur") && return ;;
    --clock) mapfile -t COMPREPLY < <(compgen -W "record wall" -- "$cur") && return ;;
    --log) mapfile -t COMPREPLY < <(compgen -W "text json" -- "$cur") && return ;;
    --tier) mapfile -t COMPREPLY < <(compgen -W "auto jit cc" -- "$cur") && return ;;
    --local) mapfile -t COMPREPLY < <(compgen -d -- "$cur") && return ;;
    --feed | --config | --output | -o) mapfile -t COMPREPLY < <(compgen -f -- "$cur") && return ;;
    esac
    if [[ $cur == -* ]]; then
        local options="--error-format --help"
        case $command in
        run) options+=" --local --brokers --exit-at-end --in --out --feed --clock --reset --set --config
            --create-topics --stats --http --log --json --tier --watch" ;;
        build) options+=" --output -g" ;;
        emit) options+=" --stage --output -g" ;;
        check) options+=" --brokers" ;;
        test) options+=" --json" ;;
        graph) options+=" --format" ;;
        fmt) options+=" --check" ;;
        esac
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
        return
    fi
    mapfile -t COMPREPLY < <(compgen -f -X '!*.weir' -- "$cur"; compgen -d -S / -- "$cur")
    compopt -o nospace -o filenames 2>/dev/null
}
complete -F _weir weir
