#!/usr/bin/env python3
"""A session of the official Python client: what it lists, writes and watches is what the server has.

    client.py KUBECONFIG
"""

import random
import sys
import threading
import time

from kubernetes import client, config, dynamic, watch
from kubernetes.client.rest import ApiException

NAMESPACE = "python"
checks = 0
failed = 0


def check(name, condition, seen=None):
    global checks, failed
    checks += 1
    if not condition:
        failed += 1
        print(f"FAILED: {name}: {seen!r}", flush=True)


def status_of(call, *arguments, **options):
    """The code that a call fails with; 0 where it does not."""
    try:
        call(*arguments, **options)
        return 0
    except ApiException as error:
        return error.status


def config_map(name, **data):
    return client.V1ConfigMap(metadata=client.V1ObjectMeta(name=name, labels={"app": "session"}), data=data)


def writes(core):
    made = core.create_namespaced_config_map(NAMESPACE, config_map("a", k="1"))
    check("create", made.metadata.uid and made.data == {"k": "1"}, made)
    check("create twice", status_of(core.create_namespaced_config_map, NAMESPACE, config_map("a")) == 409)
    check("read", core.read_namespaced_config_map("a", NAMESPACE).data == {"k": "1"})
    check("read what is not there", status_of(core.read_namespaced_config_map, "b", NAMESPACE) == 404)
    patched = core.patch_namespaced_config_map("a", NAMESPACE, {"data": {"l": "2"}})
    check("merge", patched.data == {"k": "1", "l": "2"}, patched.data)
    patched = core.patch_namespaced_config_map("a", NAMESPACE, [{"op": "replace", "path": "/data/k", "value": "3"}])
    check("JSON patch", patched.data == {"k": "3", "l": "2"}, patched.data)
    old = made.metadata.resource_version
    made.data = {"m": "4"}
    check("replace an old version", status_of(core.replace_namespaced_config_map, "a", NAMESPACE, made) == 409)
    made.metadata.resource_version = patched.metadata.resource_version
    replaced = core.replace_namespaced_config_map("a", NAMESPACE, made)
    check("replace", replaced.data == {"m": "4"} and replaced.metadata.resource_version != old, replaced)
    bad = client.V1ConfigMap(metadata=client.V1ObjectMeta(name="Not A Name"))
    check("what breaks a rule", status_of(core.create_namespaced_config_map, NAMESPACE, bad) == 422)
    dry = core.create_namespaced_config_map(NAMESPACE, config_map("dry"), dry_run="All")
    check("dry run", dry.metadata.uid and status_of(core.read_namespaced_config_map, "dry", NAMESPACE) == 404)
    # Some versions of the client leave a Status as it came.
    outcome = core.delete_namespaced_config_map("a", NAMESPACE)
    check("delete", (outcome["status"] if isinstance(outcome, dict) else outcome.status) == "Success", outcome)
    check("delete twice", status_of(core.delete_namespaced_config_map, "a", NAMESPACE) == 404)


def lists(core):
    for number in range(25):
        core.create_namespaced_config_map(NAMESPACE, config_map(f"page-{number:02}"))
    names, token, pages = [], None, 0
    while True:
        page = core.list_namespaced_config_map(NAMESPACE, label_selector="app=session", limit=10, _continue=token)
        names += [item.metadata.name for item in page.items]
        token, pages = page.metadata._continue, pages + 1
        if not token:
            break
    check("pages", pages == 3 and names == [f"page-{number:02}" for number in range(25)], names)
    one = core.list_namespaced_config_map(NAMESPACE, field_selector="metadata.name=page-07")
    check("field selector", [item.metadata.name for item in one.items] == ["page-07"])
    core.delete_collection_namespaced_config_map(NAMESPACE, label_selector="app=session")
    left = core.list_namespaced_config_map(NAMESPACE, label_selector="app=session")
    check("delete a collection", left.items == [], len(left.items))


def watches(core):
    version = core.list_namespaced_config_map(NAMESPACE).metadata.resource_version

    def work():
        core.create_namespaced_config_map(NAMESPACE, config_map("watched"))
        core.patch_namespaced_config_map("watched", NAMESPACE, {"data": {"k": "v"}})
        core.delete_namespaced_config_map("watched", NAMESPACE)

    threading.Thread(target=work).start()
    seen = []
    stream = watch.Watch()
    for event in stream.stream(
        core.list_namespaced_config_map, NAMESPACE, resource_version=version, label_selector="app=session",
        timeout_seconds=60,
    ):
        seen.append(event)
        if event["type"] == "DELETED":
            stream.stop()
    kinds = [event["type"] for event in seen]
    check("a watch", kinds == ["ADDED", "MODIFIED", "DELETED"], kinds)
    versions = [int(event["object"].metadata.resource_version) for event in seen]
    check("its versions", versions == sorted(set(versions)) and versions[0] > int(version), versions)
    again = list(watch.Watch().stream(
        core.list_namespaced_config_map, NAMESPACE, resource_version=str(versions[0]), label_selector="app=session",
        timeout_seconds=1))
    check("from its middle", [event["type"] for event in again] == ["MODIFIED", "DELETED"], again)
    initial = list(watch.Watch().stream(core.list_namespace, timeout_seconds=1))
    names = {event["object"].metadata.name for event in initial}
    check("from the start", {"default", "kube-system", NAMESPACE} <= names, names)


def expiry(core):
    """The store has been compacted: version 1 is in nobody's history any more."""
    try:
        for _ in watch.Watch().stream(core.list_namespaced_config_map, NAMESPACE, resource_version="1",
                                      timeout_seconds=5):
            pass
        check("an old version", False)
    except ApiException as error:
        check("an old version", error.status == 410 and "too old resource version" in error.reason, error)
    check("an exact list of the past", status_of(
        core.list_namespaced_config_map, NAMESPACE, resource_version="1", resource_version_match="Exact") == 410)


class Informer(threading.Thread):
    """Lists once and follows from there over every end of a watch: a cache of the names and versions of ConfigMaps."""

    def __init__(self, core):
        super().__init__(daemon=True)
        self.core, self.cache, self.watches, self.done = core, {}, 0, threading.Event()

    def run(self):
        start = self.core.list_namespaced_config_map(NAMESPACE)
        self.cache = {item.metadata.name: item.metadata.resource_version for item in start.items}
        version = start.metadata.resource_version
        while not self.done.is_set():
            self.watches += 1
            # Each watch ends after a second, wherever the writes are then.
            for event in watch.Watch().stream(
                self.core.list_namespaced_config_map, NAMESPACE, resource_version=version, timeout_seconds=1,
                allow_watch_bookmarks=True,
            ):
                version = event["raw_object"]["metadata"]["resourceVersion"]
                name = event["raw_object"]["metadata"].get("name")
                if event["type"] == "DELETED":
                    self.cache.pop(name, None)
                elif event["type"] != "BOOKMARK":
                    self.cache[name] = version


def informer(core):
    follower = Informer(core)
    follower.start()
    chance = random.Random(7)
    there = set()
    end = time.monotonic() + 4
    while time.monotonic() < end:
        name = f"informed-{chance.randrange(20)}"
        if name not in there:
            core.create_namespaced_config_map(NAMESPACE, config_map(name))
            there.add(name)
        elif chance.random() < 0.3:
            core.delete_namespaced_config_map(name, NAMESPACE)
            there.remove(name)
        else:
            core.patch_namespaced_config_map(name, NAMESPACE, {"data": {"n": str(chance.random())}})
    now = {item.metadata.name: item.metadata.resource_version
           for item in core.list_namespaced_config_map(NAMESPACE).items}
    deadline = time.monotonic() + 20
    while follower.cache != now and time.monotonic() < deadline:
        time.sleep(0.1)
    follower.done.set()
    check("an informer over several watches", follower.cache == now and follower.watches >= 3,
          (follower.watches, set(follower.cache.items()) ^ set(now.items())))
    follower.join(20)


def workloads(apps, core):
    pod = {"containers": [{"name": "c", "image": "busybox"}]}
    labels = {"app": "web"}
    apps.create_namespaced_deployment(NAMESPACE, {
        "metadata": {"name": "web"},
        "spec": {"replicas": 2, "selector": {"matchLabels": labels},
                 "template": {"metadata": {"labels": labels}, "spec": pod}}})
    deadline = time.monotonic() + 30
    pods = []
    while len(pods) != 2 and time.monotonic() < deadline:
        pods = core.list_namespaced_pod(NAMESPACE, label_selector="app=web").items
        time.sleep(0.1)
    check("a Deployment's Pods", len(pods) == 2, len(pods))
    check("defaults", pods and pods[0].spec.restart_policy == "Always", pods)
    scale = apps.patch_namespaced_deployment_scale("web", NAMESPACE, {"spec": {"replicas": 1}})
    check("scale", scale.spec.replicas == 1 and apps.read_namespaced_deployment("web", NAMESPACE).spec.replicas == 1)
    service = core.create_namespaced_service(NAMESPACE, {
        "metadata": {"name": "web"}, "spec": {"selector": labels, "ports": [{"port": 80}]}})
    check("a Service's address", service.spec.cluster_ip not in (None, "", "None"), service.spec)


def others(api):
    check("version", client.VersionApi(api).get_code().major == "1")
    review = client.AuthorizationV1Api(api).create_self_subject_access_review(client.V1SelfSubjectAccessReview(
        spec=client.V1SelfSubjectAccessReviewSpec(
            resource_attributes=client.V1ResourceAttributes(verb="list", resource="pods", namespace=NAMESPACE))))
    check("an access review", review.status.allowed is True, review.status)
    resources = dynamic.DynamicClient(api).resources
    maps = resources.get(api_version="v1", kind="ConfigMap")
    made = maps.create(namespace=NAMESPACE, body={"metadata": {"name": "dynamic"}, "data": {"k": "v"}})
    check("the dynamic client", made.data.k == "v", made)
    check("its discovery", resources.get(api_version="apps/v1", kind="Deployment").name == "deployments")
    events = [event["type"] for event in maps.watch(
        namespace=NAMESPACE, field_selector="metadata.name=dynamic", timeout=1)]
    check("its watch", events[:1] == ["ADDED"], events)


def main():
    api = config.new_client_from_config(sys.argv[1])
    core, apps = client.CoreV1Api(api), client.AppsV1Api(api)
    core.create_namespace({"metadata": {"name": NAMESPACE}})
    writes(core)
    lists(core)
    watches(core)
    expiry(core)
    informer(core)
    workloads(apps, core)
    others(api)
    core.delete_namespace(NAMESPACE)
    deadline = time.monotonic() + 30
    while status_of(core.read_namespace, NAMESPACE) != 404 and time.monotonic() < deadline:
        time.sleep(0.1)
    check("a Namespace goes with its contents", status_of(core.read_namespace, NAMESPACE) == 404)
    print(f"{checks} checks, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
