# A cluster for the tests of `fairlead proxy`: its API server is the core of a `fairlead up`, in a network namespace of its own, so
# that it programs none of ours; a relay gives it what clusters have, TLS and an address of this namespace.

api=https://127.0.0.1:6443

start_cluster() {
    local folder=$work/cluster
    mkdir -p "$folder/account"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=kube-apiserver \
        -addext subjectAltName=IP:127.0.0.1 -keyout "$folder/key.pem" -out "$folder/account/ca.crt" 2>"$work/openssl.log"
    echo token >"$folder/account/token"

    unshare --net sh -c 'ip link set lo up && exec "$@"' _ "$dist/fairlead" "${daemon_arguments[@]}" \
        --watch-manifests "$repository/demo/manifests" --serve-api 127.0.0.1:8001 >"$work/core.log" 2>&1 &
    core=$!
    printf '#!/bin/sh\nexec nsenter --target %s --net socat STDIO TCP:127.0.0.1:8001\n' "$core" >"$folder/to-core"
    chmod 755 "$folder/to-core"
    socat "OPENSSL-LISTEN:6443,bind=127.0.0.1,reuseaddr,fork,verify=0,cert=$folder/account/ca.crt,key=$folder/key.pem" \
        "EXEC:$folder/to-core" >"$work/relay.log" 2>&1 &
    relay=$!
    eventually curl -fsS --cacert "$folder/account/ca.crt" "$api/api/v1/services"
}

end_cluster() {
    kill "$relay"
    wait "$relay" || true
    end "$core"
}

# What the probes of the DaemonSet ask for.
expect_health() {
    local path
    for path in /livez /healthz; do
        [ "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:10256$path")" = 200 ] || fail "$path is not answered with 200"
    done
    curl -fsS http://127.0.0.1:10249/metrics | matches '^kubeproxy_sync_proxy_rules_last_timestamp_seconds' || fail "no metrics"
}
