# The manual and the completions.

test_documents() {
    gzip -dc "$dist/fairlead.8.gz" >"$work/fairlead.8"
    mandoc -Tlint -Wwarning "$work/fairlead.8" || fail "the manual has mistakes"
    local manual command
    manual=$(mandoc -Tascii "$work/fairlead.8" | sed 's/.\x08//g')
    # Every command that the program has.
    for command in $("$dist/fairlead" --help | sed -n '/^SUBCOMMANDS:/,$ s/^  \([a-z-]\+\) .*/\1/p'); do
        grep -q "^   fairlead $command\$" <<<"$manual" || fail "the manual lacks $command"
    done
    grep -q '^   fairlead up$' <<<"$manual"
    grep -q '^   fairlead cni install$' <<<"$manual" || fail "the manual lacks the commands below cni"
    grep -q -- '--watch-manifests dir' <<<"$manual"

    local shell
    bash -n "$dist/fairlead.bash"
    for shell in zsh fish; do
        if command -v "$shell" >/dev/null; then "$shell" -n "$dist/fairlead.$shell"; fi
        [ -s "$dist/fairlead.$shell" ] || fail "no completions for $shell"
    done
    # What the Tab key asks for.
    bash -c 'source "$1"; COMP_WORDS=(fairlead st) COMP_CWORD=1 COMP_LINE="fairlead st" COMP_POINT=11 COMP_TYPE=9
        $(complete -p fairlead | sed "s/.*-F \([^ ]*\).*/\1/") fairlead st fairlead; printf "%s\n" "${COMPREPLY[@]}"' \
        bash "$dist/fairlead.bash" 2>"$work/completion.log" | matches '^status *$' || fail "bash does not complete status"
}
