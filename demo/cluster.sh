# The cluster of the demo: its control plane, its nodes, and how they are asked. Sourced by demo/run.
#
# There are no containers here: `fairlead-bench kubelet` plays the kubelets. Everything else is what runs in a cluster.

pod_networks=(10.244.0.0/16 fd00:10:244::/48) service_networks=(10.96.0.0/16 fd00:10:96::/112)
api_address=192.168.50.10:6443
control_plane='' proxy_1='' proxy_2=''

start_control_plane() {
    start control control-plane.log "$fairlead" control-plane --data-dir "$work/data" --api-address "$api_address" \
        --service-cidr "${service_networks[0]}" --service-cidr "${service_networks[1]}"
    control_plane=$started
}

start_proxy() { # NUMBER OF THE NODE
    start "node-$1" "fairlead-$1.log" "$fairlead" proxy --kubeconfig "$work/data/admin.conf" --pod-cidr-file off \
        --hostname-override "node-$1" --cluster-cidr "${pod_networks[0]},${pod_networks[1]}" \
        --log-level debug --logging-format json
    eval "proxy_$1=$started"
}

start_kubelet() { # NUMBER OF THE NODE
    start "node-$1" "kubelet-$1.log" "$bench" kubelet --node "node-$1" --kubeconfig "$work/data/admin.conf" \
        --node-ip "192.168.50.1$1" --node-ip "fd00:192:168:50::1$1" \
        --pod-cidr "10.244.$1.0/24" --pod-cidr "fd00:10:244:$1::/64" --plugin "$plugin" --data-dir "$work/leases-$1"
}

# --- The API ----------------------------------------------------------------------------------------------------------

api() { # METHOD PATH [CURL'S OPTIONS…]: as the administrator, by certificate
    at control curl --silent --show-error --fail-with-body --max-time 5 --request "$1" \
        --cacert "$work/data/pki/ca.crt" --cert "$work/data/pki/admin.crt" --key "$work/data/pki/admin.key" \
        "${@:3}" "https://$api_address$2" 2>&1
}

# kubectl, where it is installed, does what an operator does; without it curl does the same.
kubectl=$(command -v kubectl || true)
operator() { at control env HOME="$work" "$kubectl" --kubeconfig "$work/data/admin.conf" "$@"; }

deployment=/apis/apps/v1/namespaces/default/deployments/hello-server

create() { # COLLECTION FILE
    if [ -n "$kubectl" ]; then
        operator apply -f "$2" >>"$work/operator.log" 2>&1 || fail "kubectl apply -f $2: $(tail -n 3 "$work/operator.log")"
    else
        api POST "$1" --header 'Content-Type: application/yaml' --data-binary "@$2" >"$work/operator.log" \
            || fail "POST $2: $(cat "$work/operator.log")"
    fi
}

scale() { # REPLICAS
    if [ -n "$kubectl" ]; then
        operator scale deployment/hello-server --replicas "$1" >>"$work/operator.log" 2>&1 \
            || fail "kubectl scale: $(tail -n 3 "$work/operator.log")"
    else
        patch "$deployment/scale" '{"spec":{"replicas":'"$1"'}}'
    fi
}

set_image() { # IMAGE
    if [ -n "$kubectl" ]; then
        operator set image deployment/hello-server hello-server="$1" >>"$work/operator.log" 2>&1 \
            || fail "kubectl set image: $(tail -n 3 "$work/operator.log")"
    else
        patch "$deployment" \
            '{"spec":{"template":{"spec":{"containers":[{"name":"hello-server","image":"'"$1"'"}]}}}}'
    fi
}

patch() { # PATH JSON
    api PATCH "$1" --header 'Content-Type: application/strategic-merge-patch+json' --data "$2" >"$work/operator.log" \
        || fail "PATCH $1: $(cat "$work/operator.log")"
}

show() { # KINDS: as an operator sees them
    if [ -n "$kubectl" ]; then operator get "$1" -o wide 2>&1 | cut -c 1-120 | indent; fi
}

is_served() { api GET /readyz >/dev/null; }

# --- What there is ----------------------------------------------------------------------------------------------------

are_ready() { # NODES
    [ "$(api GET /api/v1/nodes | grep -o '"reason":"KubeletReady"' | wc -l)" = "$1" ]
}

none_is_ending() { # Whether no Pod is on its way out
    local pods
    pods=$(api GET /api/v1/pods) || return 1
    [[ $pods != *'"deletionTimestamp"'* ]]
}

is_rolled_out() { # REPLICAS: of the newest template, all ready, and no others
    local status
    status=$(api GET "$deployment" | sed 's/.*"status":{//') || return 1
    [[ $status == *'"availableReplicas":'$1,* && $status == *'"updatedReplicas":'$1* && $status == *'"replicas":'$1,* ]] \
        && [ "$(pods | wc -l)" = "$1" ]
}

pods() { # Those that are not ending: a name a line
    api GET '/api/v1/namespaces/default/pods?labelSelector=app%3Dhello-server' \
        | sed 's/"metadata":{/\n&/g' | grep '"nodeName"' | grep -v '"deletionTimestamp"' \
        | sed -n 's/.*"name":"\(hello-server-[a-z0-9]*-[a-z0-9]*\)","namespace".*/\1/p' | sort -u
}

uids() { # Of the Pods and what owns them, and the Service's address
    local path
    for path in /api/v1/namespaces/default/pods /apis/apps/v1/namespaces/default/replicasets \
        /apis/apps/v1/namespaces/default/deployments /api/v1/namespaces/default/services; do
        api GET "$path" | grep -o '"uid":"[^"]*"\|"clusterIP":"[^"]*"\|"podIP":"[^"]*"\|"nodeName":"[^"]*"'
    done | sort
}

events() { # REASON…: of each the first, as "Reason Kind/name message"
    local reason
    api GET /api/v1/namespaces/default/events | sed 's/"involvedObject":/\n&/g' >"$work/events"
    for reason in "$@"; do
        grep -m 1 "\"reason\":\"$reason\"" "$work/events" | sed -n \
            's/.*"involvedObject":{[^}]*"kind":"\([A-Za-z]*\)"[^}]*"name":"\([^"]*\)".*"message":"\([^"]*\)".*/\1\/\2: \3/p' \
            | cut -c 1-110 | sed "s|^|$reason $(printf '%*s' $((18 - ${#reason})) '')|"
    done
}

pod_namespace() { # POD: the network namespace of a Pod of node-1, by a process in it
    sed -n "s|.* $1 runs as .* in \(/proc/[0-9]*/ns/net\)\$|\1|p" "$work/kubelet-1.log" | tail -n 1
}
