# The image, in a containerd of its own.

name=localhost/fairlead

test_image() {
    local version image capability
    version=$("$dist/fairlead" --version) image=$name:$version
    "$repository/packaging/image.py" "$dist/fairlead" "$dist/fairlead-cni" "$name" "$version" "$work/again.tar" >/dev/null
    cmp "$dist/fairlead-image.tar" "$work/again.tar" || fail "another build of the image has other bytes"
    rm "$work/again.tar"

    start_containerd
    ctl image import "$dist/fairlead-image.tar" >"$work/import.log"
    ctl image ls -q | matches -x "$image" || fail "imported as $(ctl image ls -q)"

    [ "$(contain version "$image" /usr/local/bin/fairlead --version)" = "$version" ] || fail "another version in the image"
    contain entrypoint "$image" | matches '^USAGE: ' || fail "the entry point is not fairlead"
    # What kubeadm's DaemonSet calls.
    contain kube-proxy "$image" /usr/local/bin/kube-proxy --help | matches '^USAGE: ' || fail "no kube-proxy in the image"

    # An init container installs the plugin into the node's folders.
    mkdir -p "$work/opt" "$work/net.d"
    contain_with "--mount type=bind,src=$work/opt,dst=/opt,options=rbind:rw --mount type=bind,src=$work/net.d,dst=/net.d,options=rbind:rw" \
        install "$image" /usr/local/bin/fairlead cni install --bin-dir /opt --conf-dir /net.d --pod-cidr 10.244.1.0/24 >/dev/null
    cmp "$work/opt/fairlead-cni" "$dist/fairlead-cni" || fail "another plugin was installed"
    [ -s "$work/net.d/10-fairlead.conflist" ] || fail "no conflist was installed"

    # As the DaemonSet runs it, with its configuration.
    local rights=(--read-only --seccomp --cap-add CAP_NET_ADMIN)
    for capability in CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT \
        KILL AUDIT_WRITE; do rights+=(--cap-drop "CAP_$capability"); done
    start_cluster
    mkdir -p "$work/configuration"
    configuration_file config.conf >"$work/configuration/config.conf"
    configuration_file kubeconfig.conf | sed "s,https://control-plane.example:6443,$api," >"$work/configuration/kubeconfig.conf"
    local mounts="--mount type=bind,src=$work/configuration,dst=/var/lib/fairlead,options=rbind:ro"
    mounts+=" --mount type=bind,src=$work/cluster/account,dst=/var/run/secrets/kubernetes.io/serviceaccount,options=rbind:ro"
    mkdir "$work/run-fairlead"
    mounts+=" --mount type=bind,src=$work/run-fairlead,dst=/run/fairlead,options=rbind:rw"
    # In the background, where its standard error is that of ctr.
    contain_with "${rights[*]} $mounts" daemon "$image" /usr/local/bin/fairlead proxy --config=/var/lib/fairlead/config.conf \
        --hostname-override=node-1 >"$work/container.log" 2>&1 &
    local run=$! process
    expect_rules
    expect_health
    eventually matches -x '10\.244\.1\.0/24' "$work/run-fairlead/pod-cidrs"
    process=$(ctl task ls | awk '$1 == "daemon" { print $2 }')
    grep -Eq "^CapBnd:\s+0*1000$" "/proc/$process/status" || fail "it runs with $(grep CapBnd "/proc/$process/status")"
    ctl task exec --exec-id status daemon /usr/local/bin/fairlead status | matches '^OK' || fail "status in the container"
    ctl task kill -s SIGTERM daemon
    wait "$run" || fail "the daemon ended with status $?"
    # The rules are the node's: they outlive the container.
    nft list tables | matches -x 'table ip fairlead' || fail "the rules went with the container"
    end_cluster
    remove_rules
    end "$containerd"
}

configuration_file() { # KEY: of the ConfigMap that the DaemonSet comes with
    awk -v start="  $1: |" '$0 == start { inside = 1; next } inside && !/^    / { exit } inside' \
        "$repository/packaging/kubernetes/fairlead.yaml" | sed 's/^    //'
}

start_containerd() {
    mkdir -p "$work/containerd"
    # No networks of its own and no Kubernetes: images and containers are all that is needed.
    cat >"$work/containerd/config.toml" <<CONFIG
version = 2
root = "$work/containerd/root"
state = "$work/containerd/state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "$work/containerd/socket"
CONFIG
    containerd --config "$work/containerd/config.toml" >"$work/containerd.log" 2>&1 &
    containerd=$!
    eventually ctl version
}

ctl() { ctr --address "$work/containerd/socket" "$@"; }

contain() { contain_with '' "$@"; }

# Without a cgroup of its own: nothing is written outside these namespaces.
contain_with() { # OPTIONS NAME IMAGE COMMAND…
    local options
    read -ra options <<<"$1"
    ctl run --rm --net-host --cgroup '' "${options[@]}" "$3" "$2" "${@:4}" </dev/null
}
