# The static executable.

test_executable() {
    local program
    for program in fairlead fairlead-cni; do
        ! readelf -lW "$dist/$program" | matches -E 'INTERP|NEEDED' || fail "$program is linked dynamically"
    done
    # Without full Foundation and its tables: a process of it starts for every pod.
    [ "$(stat -c %s "$dist/fairlead-cni")" -le 15000000 ] || fail "fairlead-cni has $(stat -c %s "$dist/fairlead-cni") bytes"
    CNI_COMMAND=VERSION "$dist/fairlead-cni" <<<'{"cniVersion": "1.0.0"}' | matches '"1\.1\.0"' || fail "fairlead-cni does not speak 1.1.0"
    # In a folder that holds nothing else: Swift's runtime asks /proc for the executable's name.
    mkdir -p "$work/empty/proc"
    mount -t proc proc "$work/empty/proc"
    cp "$dist/fairlead" "$work/empty"
    chroot "$work/empty" /fairlead --version | matches -E '^[0-9]+\.[0-9]+\.[0-9]+$' || fail "no version"
    chroot "$work/empty" /fairlead status >"$work/status.log" 2>&1 && fail "status answers without a daemon"
    grep -q 'no Fairlead daemon runs' "$work/status.log"
    umount "$work/empty/proc"

    "$dist/fairlead" "${daemon_arguments[@]}" --watch-manifests "$repository/demo/manifests" >"$work/daemon.log" 2>&1 &
    local daemon=$!
    expect_rules
    # What it has written reads as it should: the encoder of attributes is not Debian's in this executable.
    "$dist/fairlead" explain --from 10.244.9.9 --to 10.96.0.80:80 >"$work/explain.log" || fail "the kernel has something else"
    end "$daemon"
    remove_rules
}
