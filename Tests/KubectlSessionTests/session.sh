#!/usr/bin/env bash
# A session of an operator with an unmodified kubectl against an API server that has a control plane behind it and no kubelet:
# every command that the documentation names, with what it must print. Ends with 1 at the end when anything was not as it should be.
#
#   session.sh KUBECTL KUBECONFIG     nodes, pods and everything else are made by the session itself
set -uo pipefail

kubectl=$1
export KUBECONFIG=$2 KUBE_EDITOR NO_PROXY='*'
unset HTTP_PROXY http_proxy HTTPS_PROXY https_proxy
home=$(mktemp -d)
export HOME=$home
# Whoever starts this may have SIGTERM ignored, which children inherit.
# A command of the kubelet's that is under way writes into the folder once more.
trap 'kill -KILL ${kubelet:-} 2>/dev/null; wait ${kubelet:-} 2>/dev/null; for _ in {1..9}; do rm -rf "$home" && break; sleep 0.3; done 2>/dev/null' EXIT
cd "$home" || exit 1
failed=0 checked=0

k() { timeout 60 "$kubectl" "$@"; }

# expect TEXT COMMAND…: the command succeeds, and its output is the text (each line a pattern of bash, from start to end).
expect() {
    local expected=$1 output status=0 line lines=() patterns=() index
    shift
    checked=$((checked + 1))
    output=$("$@" 2>&1) || status=$?
    mapfile -t lines <<<"$output"
    mapfile -t patterns <<<"$expected"
    if [ "$status" = 0 ] && [ ${#lines[@]} = ${#patterns[@]} ]; then
        for index in "${!patterns[@]}"; do
            # shellcheck disable=SC2053
            [[ ${lines[index]} == ${patterns[index]} ]] || { status=different; break; }
        done
        [ "$status" = 0 ] && return
    fi
    failed=$((failed + 1))
    printf 'FAILED (status %s): %s\n--- expected\n%s\n--- found\n%s\n\n' "$status" "$*" "$expected" "$output"
}

# contains TEXT COMMAND…: the command succeeds, and its output has the text somewhere.
contains() {
    local expected=$1 output status=0
    shift
    checked=$((checked + 1))
    output=$("$@" 2>&1) || status=$?
    [ "$status" = 0 ] && [[ $output == *"$expected"* ]] && return
    failed=$((failed + 1))
    printf 'FAILED (status %s): %s\n--- to be in it\n%s\n--- found\n%s\n\n' "$status" "$*" "$expected" "$output"
}

# refuses TEXT COMMAND…: the command fails, and says the text.
refuses() {
    local expected=$1 output status=0
    shift
    checked=$((checked + 1))
    output=$("$@" 2>&1) || status=$?
    [ "$status" != 0 ] && [[ $output == *"$expected"* ]] && return
    failed=$((failed + 1))
    printf 'FAILED (status %s): %s\n--- to be refused with\n%s\n--- found\n%s\n\n' "$status" "$*" "$expected" "$output"
}

# soon CHECK…: one of those above, of what controllers bring about in their time, or of what they are still writing to.
soon() {
    local before=$failed end=$((SECONDS + 30))
    until "$@" >"$home/check" && [ "$failed" = "$before" ]; do
        [ "$SECONDS" -lt "$end" ] || { cat "$home/check"; return; }
        failed=$before checked=$((checked - 1))
        sleep 0.2
    done
}

# The number of pods of the Deployment, and a first one.
pods() { k get pods -l app=web -o name | wc -l; }
pod() { k get pods -l app=web -o name | head -n 1; }

# What a kubelet would do: every pod that is bound and not ready becomes ready; every pod that is to go goes.
play_kubelet() {
    local namespace name node phase deleted
    while sleep 0.3; do
        while read -r namespace name node phase deleted; do
            [ -n "$name" ] && [ "$node" != '<none>' ] || continue
            if [ "$deleted" != '<none>' ]; then
                k delete pod -n "$namespace" "$name" --grace-period=0 --force --wait=false >/dev/null 2>&1
            elif [ "$phase" != Running ]; then
                k patch pod -n "$namespace" "$name" --subresource=status --type=merge -p '{"status":{"phase":"Running",
                    "podIP":"10.244.0.9","conditions":[{"type":"Ready","status":"True"},{"type":"ContainersReady","status":"True"}],
                    "containerStatuses":[{"name":"web","ready":true,"restartCount":0,"image":"x","imageID":"","state":{"running":{}}}]}}' \
                    >/dev/null 2>&1
            fi
        done < <(k get pods -A --no-headers -o \
            custom-columns='S:.metadata.namespace,N:.metadata.name,O:.spec.nodeName,P:.status.phase,D:.metadata.deletionTimestamp' 2>/dev/null)
    done
}

node() { # NAME
    cat <<NODE
apiVersion: v1
kind: Node
metadata:
  name: $1
  labels: { kubernetes.io/hostname: $1, node-role.kubernetes.io/worker: "" }
status:
  capacity: { cpu: "4", memory: 8Gi, pods: "110" }
  allocatable: { cpu: "4", memory: 8Gi, pods: "110" }
  addresses: [{ type: InternalIP, address: 192.168.50.1 }]
  conditions: [{ type: Ready, status: "True", reason: KubeletReady, message: kubelet is posting ready status }]
  nodeInfo: { kubeletVersion: v1.36.2, osImage: Debian, kernelVersion: "6.1", containerRuntimeVersion: containerd://2.1, architecture: amd64,
    bootID: "", kubeProxyVersion: "", machineID: "", operatingSystem: linux, systemUUID: "" }
NODE
}

cat >web.yaml <<'WEB'
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: { app: web }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: example.invalid/web:1
          ports: [{ containerPort: 8080 }]
          resources: { requests: { cpu: 100m, memory: 64Mi } }
WEB

# --- The server and its kinds -----------------------------------------------------------------------------------------
contains 'Server Version: v1.' k version
expect ok k get --raw /healthz
contains 'Kubernetes control plane' k cluster-info
expect 'ATTRIBUTE * VALUE
Username * *
Groups * *' k auth whoami
contains 'system:serviceaccount:default:robot' k auth whoami --as system:serviceaccount:default:robot
expect yes k auth can-i create deployments
contains '[*]' k auth can-i --list
contains 'apiserver_request_total{' k get --raw /metrics
contains ' deploy       apps/v1 ' k api-resources
contains 'apps/v1' k api-versions
contains 'KIND:       Deployment' k explain deployment
contains 'maxSurge' k explain deployment.spec.strategy --recursive
contains 'FIELD: replicas <integer>' k explain deployment.spec.replicas
contains 'default' k get namespaces
contains 'kubernetes   ClusterIP' k get service kubernetes

# --- Nodes ------------------------------------------------------------------------------------------------------------
for name in n1 n2 n3; do node $name >"$name.yaml"; expect "node/$name created" k create -f "$name.yaml"; done
for name in n1 n2 n3; do k patch node $name --subresource=status --type=merge -p "$(k create -f "$name.yaml" --dry-run=client -o json)" >/dev/null; done
expect 'NAME   STATUS   ROLES    AGE   VERSION
n1     Ready    worker   * v1.36.2
n2     Ready    worker   * v1.36.2
n3     Ready    worker   * v1.36.2' k get nodes
play_kubelet & kubelet=$!

# --- A Deployment, from the client's side -----------------------------------------------------------------------------
expect 'deployment.apps/web created (dry run)' k apply -f web.yaml --dry-run=client
expect 'deployment.apps/web created (server dry run)' k apply -f web.yaml --dry-run=server
refuses 'deployments.apps "web" not found' k get deployment web
expect 'deployment.apps/web created' k apply -f web.yaml
expect 'deployment.apps/web unchanged' k apply -f web.yaml
contains 'deployment "web" successfully rolled out' k rollout status deployment web --timeout=50s
expect 'NAME   READY   UP-TO-DATE   AVAILABLE   AGE
web    3/3     3            3           *' k get deployment web
contains 'example.invalid/web:1' k get deployment web -o wide
expect 'deployment.apps/web condition met' k wait --for=condition=Available deployment/web --timeout=20s
expect 'pod/web-*
pod/web-*
pod/web-*' k get pods -l app=web -o name
expect '' k get pods -l app=other -o name
expect 3 sh -c "'$kubectl' get pods -A --field-selector=status.phase=Running --no-headers | wc -l"
contains '1/1     Running   0 ' k get pods -o wide
contains 'NAMESPACE   NAME ' k get pods -A
contains 'deployment.apps/web' k get all
refuses 'is the kubelet' k logs deployment/web
refuses 'is the kubelet' k exec deployment/web -- true
refuses 'container none is not valid for pod' k logs deployment/web -c none
refuses 'pods "none" not found' k logs none
expect '3 3' k get deployment web -o 'jsonpath={.spec.replicas} {.status.readyReplicas}'
expect 'NAME   REPLICAS
web    3' k get deployment web -o custom-columns=NAME:.metadata.name,REPLICAS:.spec.replicas
contains 'kind: Deployment' k get deployment web -o yaml
contains '"kind": "Deployment"' k get deployment web -o json
contains 'Replicas:               3 desired | 3 updated | 3 total | 3 available | 0 unavailable' k describe deployment web
soon contains 'Successfully assigned default/web-' k describe "$(pod)"
soon contains 'ScalingReplicaSet' k describe deployment web
soon contains 'Scaled up replica set web-' k events --for deployment/web
soon contains 'Successfully assigned' k get events --field-selector reason=Scheduled

# --- Changes ----------------------------------------------------------------------------------------------------------
sed 's/replicas: 3/replicas: 4/' web.yaml >web4.yaml
refuses '+  replicas: 4' k diff -f web4.yaml
expect 'deployment.apps/web configured' k apply -f web4.yaml
expect 'deployment.apps/web scaled' k scale deployment web --replicas=2
expect 2 k get deployment web -o 'jsonpath={.spec.replicas}'
soon expect 2 pods
refuses 'pod updates may not change fields other than `spec.containers[*].image`' k patch "$(pod)" -p '{"spec":{"hostname":"other"}}'
refuses 'xpected replicas to be 5, was 2' k scale deployment web --current-replicas=5 --replicas=1
expect 'deployment.apps/web image updated' k set image deployment/web web=example.invalid/web:2
contains 'successfully rolled out' k rollout status deployment web --timeout=50s
expect 'deployment.apps/web restarted' k rollout restart deployment web
contains 'successfully rolled out' k rollout status deployment web --timeout=50s
expect 'deployment.apps/web 
REVISION  CHANGE-CAUSE
1         <none>
2         <none>
3         <none>' k rollout history deployment web
contains 'deployment.apps/web rolled back' k rollout undo deployment web --to-revision=1
expect 'example.invalid/web:1' k get deployment web -o 'jsonpath={.spec.template.spec.containers[0].image}'
contains 'successfully rolled out' k rollout status deployment web --timeout=50s
expect 'deployment.apps/web paused' k rollout pause deployment web
expect 'deployment.apps/web resumed' k rollout resume deployment web
expect 'deployment.apps/web labeled' k label deployment web tier=front
expect 'deployment.apps/web labeled' k label deployment web tier=back --overwrite
expect 'deployment.apps/web unlabeled' k label deployment web tier-
expect 'deployment.apps/web annotated' k annotate deployment web note=hello
expect hello k get deployment web -o 'jsonpath={.metadata.annotations.note}'
expect 'deployment.apps/web patched' k patch deployment web -p '{"spec":{"template":{"spec":{"containers":[{"name":"web","env":[{"name":"A","value":"1"}]}]}}}}'
expect 'example.invalid/web:1 1' k get deployment web -o 'jsonpath={.spec.template.spec.containers[0].image} {.spec.template.spec.containers[0].env[0].value}'
expect 'deployment.apps/web patched' k patch deployment web --type=json -p '[{"op":"replace","path":"/spec/replicas","value":3}]'
contains 'successfully rolled out' k rollout status deployment web --timeout=50s
expect 'deployment.apps/web patched (no change)' k patch deployment web --type=merge -p '{"spec":{"replicas":3}}'
KUBE_EDITOR="sed -i s/replicas:.3/replicas:\ 2/"
expect 'deployment.apps/web edited' k edit deployment web
contains 'successfully rolled out' k rollout status deployment web --timeout=50s
contains 'replicas: 2' k get deployment web -o yaml
k get deployment web -o yaml | sed '/resourceVersion/d' >live.yaml
sed -i 's/replicas: 2/replicas: 1/' live.yaml
# It reads the version and writes: between the two the controller may have written the status.
soon expect 'deployment.apps/web replaced' k replace -f live.yaml
contains 'successfully rolled out' k rollout status deployment web --timeout=50s

# --- Services, and everything else that can be made -------------------------------------------------------------------
expect 'service/web exposed' k expose deployment web --port=80 --target-port=8080 --type=NodePort
expect 'NAME * TYPE * CLUSTER-IP * EXTERNAL-IP * PORT(S) * AGE
web * NodePort * 10.* <none> * 80:3*/TCP * *' k get service web
soon contains '10.244.0.9:8080' k describe service web
soon contains 'web-' k get endpointslices -l kubernetes.io/service-name=web
refuses 'provided IP is already allocated' k create service clusterip other --tcp=80 --clusterip="$(k get service web -o 'jsonpath={.spec.clusterIP}')"
expect 'namespace/team created' k create namespace team
expect 'configmap/settings created' k create configmap settings --from-literal=a=1 -n team
expect 'secret/password created' k create secret generic password --from-literal=p=secret -n team
expect 'Data
====
a:
----
1' sh -c "'$kubectl' describe configmap settings -n team | sed -n '/^Data/,/^1/p'"
expect 'serviceaccount/robot created' k create serviceaccount robot -n team
contains '.' k create token robot -n team
expect 'poddisruptionbudget.policy/web created' k create poddisruptionbudget web --selector=app=web --min-available=1
expect 'job.batch/once created' k create job once --image=example.invalid/job -n team
expect 'cronjob.batch/often created' k create cronjob often --image=example.invalid/job --schedule='*/5 * * * *' -n team
refuses 'Deployment.apps "bad" is invalid: spec.template.spec.containers: Required value' k create deployment bad --image=''
refuses 'unknown field "spec.replicsa"' sh -c "sed s/replicas/replicsa/ web.yaml | '$kubectl' apply -f -"
refuses 'AlreadyExists' k create namespace team
refuses 'Error from server (NotFound): pods "none" not found' k get pod none
refuses "the server doesn't have a resource type" k get nonsense

# --- Server-side apply ------------------------------------------------------------------------------------------------
cat >map.yaml <<'MAP'
apiVersion: v1
kind: ConfigMap
metadata: { name: shared }
data: { a: one, b: two }
MAP
expect 'configmap/shared serverside-applied' k apply --server-side -f map.yaml
sed -i 's/one/eins/' map.yaml
refuses 'Apply failed with 1 conflict: conflict with "kubectl"' k apply --server-side --field-manager=other -f map.yaml
expect 'configmap/shared serverside-applied' k apply --server-side --field-manager=other --force-conflicts -f map.yaml
expect eins k get configmap shared -o 'jsonpath={.data.a}'
contains 'manager: other' k get configmap shared -o yaml --show-managed-fields

# --- Watches, cordon and drain, deletion ------------------------------------------------------------------------------
timeout --signal KILL 10 "$kubectl" get configmaps -w --no-headers -o name >watched &
timeout --signal KILL 10 "$kubectl" events -w --for deployment/web >watched-events &
sleep 1.5
k create configmap later >/dev/null
k scale deployment web --replicas=2 >/dev/null
for _ in {1..50}; do grep -q later watched && grep -q 'Scaled up' watched-events && break; sleep 0.1; done
contains configmap/later cat watched
contains 'Scaled up' cat watched-events
contains 'successfully rolled out' k rollout status deployment web --timeout=50s
expect 'node/n1 cordoned' k cordon n1
contains 'Ready,SchedulingDisabled' k get node n1
expect 'node/n1 uncordoned' k uncordon n1
busy=$(k get pods -l app=web -o 'jsonpath={.items[0].spec.nodeName}')
contains "node/$busy drained" k drain "$busy" --ignore-daemonsets --timeout=50s
expect '' k get pods --field-selector="spec.nodeName=$busy" -o name
expect "node/$busy uncordoned" k uncordon "$busy"
expect 'deployment.apps "web" deleted*' k delete deployment web --wait --timeout=50s
for _ in {1..100}; do [ -z "$(k get pods -l app=web -o name)" ] && break; sleep 0.2; done
expect '' k get pods,replicasets -l app=web -o name
expect 'namespace "team" deleted' k delete namespace team --wait --timeout=50s
refuses 'namespaces "team" not found' k get namespace team
expect 'configmap "shared" deleted*
configmap "later" deleted*' k delete configmap shared later
expect 'service "web" deleted*' k delete service web

printf '%s checks, %s failed\n' "$checked" "$failed"
[ "$failed" = 0 ]
