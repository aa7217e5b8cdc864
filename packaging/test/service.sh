# The Debian package under systemd, which is the first process of namespaces of its own over an overlay of this system.

test_service() {
    local root=$work/booted process
    make_system "$root" "$work/booted-upper"
    dpkg_in "$root" -P fairlead
    dpkg_in "$root" -i /fairlead.deb
    start_cluster
    cp "$work/cluster/account/ca.crt" "$root/etc/fairlead/ca.crt"
    cat >"$root/etc/fairlead/kubeconfig" <<CONFIG
apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "$api", certificate-authority: ca.crt}}]
users: [{name: u, user: {token: secret}}]
contexts: [{name: x, context: {cluster: c, user: u}}]
current-context: x
CONFIG
    echo "FAIRLEAD_OPTIONS=--hostname-override=node-1" >"$root/etc/default/fairlead"
    boot "$root"

    expect_rules
    expect_health
    # For the CNI plugin; not in the writable layer, but where everything of a running system is.
    eventually in_system grep -qx '10\.244\.1\.0/24' /run/fairlead/pod-cidrs
    [ "$(in_system stat -c %a /run/fairlead/pod-cidrs)" = 644 ] || fail "the file of the pods' networks is not for everybody to read"
    process=$(main_process)
    # One capability, no way to get more, and a filter of system calls.
    grep -Eq "^CapEff:\s+0*1000$" "/proc/$process/status" || fail "it runs with $(grep CapEff "/proc/$process/status")"
    grep -Eq "^NoNewPrivs:\s+1$" "/proc/$process/status" && grep -Eq "^Seccomp:\s+2$" "/proc/$process/status" \
        || fail "it runs without the unit's limits"
    ! nsenter --target "$process" --mount --root touch /usr/written 2>/dev/null || fail "it can write to /usr"

    # It is started again after a crash, and with a configuration that has changed.
    kill -KILL "$process"
    eventually is_another "$process"
    process=$(main_process)
    echo '# changed' >>"$root/etc/fairlead/config.yaml"
    eventually is_another "$process"
    eventually expect_health

    in_system systemctl stop fairlead
    [ "$(in_system systemctl show --property Result --value fairlead)" = success ] || fail "systemctl stop: not a success"
    nft list tables | matches -x 'table ip fairlead' || fail "the rules went with the daemon"
    in_system test -s /run/fairlead/pod-cidrs || fail "the file of the pods' networks went with the daemon"
    shut_down
    end_cluster
    remove_rules
}

# Its network is that of the tests. It sees the kernel's parameters but those of the network read-only, as it may not set this
# machine's, and a folder of devices that is its own.
boot() { # ROOT
    local root=$1 unit
    groups=$work/cgroup
    # Beside this system's own, which knows nothing of it.
    mkdir -p "$groups"
    mount -t cgroup2 cgroup2 "$groups"
    group=$groups/fairlead-packagetest-$RANDOM
    mkdir "$group"
    # Nothing but what the service asks for.
    printf '[Unit]\nRequires=fairlead.service\n' >"$root/etc/systemd/system/packagetest.target"
    for unit in systemd-sysctl systemd-udevd systemd-tmpfiles-setup-dev systemd-modules-load; do
        ln -sf /dev/null "$root/etc/systemd/system/$unit.service"
    done
    rm -f "$root/etc/fstab"
    unshare --pid --fork --kill-child --mount --uts --ipc "$tests/boot" "$root" "$group" >"$work/boot.log" 2>&1 &
    machine=$!
    eventually first_process
    eventually in_system systemctl is-active fairlead || {
        in_system journalctl --no-pager >"$work/journal.log" 2>&1 || true
        fail "the service does not start"
    }
}

# Of systemd, as this namespace numbers it.
first_process() { first=$(pgrep -P "$machine" -x systemd); }

in_system() { nsenter --target "$first" --mount --root --pid --cgroup "$@"; }

main_process() {
    local inner
    inner=$(in_system systemctl show --property MainPID --value fairlead)
    # The same process has another number here.
    pgrep -x fairlead | while read -r process; do
        ! grep -Eq "^NSpid:.*\s$inner$" "/proc/$process/status" || echo "$process"
    done
}

is_another() { # PROCESS: the service runs, and not in this one
    local process
    in_system systemctl is-active --quiet fairlead
    process=$(main_process)
    [ -n "$process" ] && [ "$process" != "$1" ]
}

shut_down() {
    kill -KILL "$first"
    wait "$machine" || true
    find "$group" -depth -type d -exec rmdir {} +
    umount "$groups"
}
