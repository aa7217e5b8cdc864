#!/usr/bin/env python3
"""Writes an OCI image archive of the static executables: without a container runtime, a registry or a base image.

    image.py EXECUTABLE PLUGIN NAME VERSION OUTPUT.tar

The same executables give the same bytes. `ctr image import`, `podman load` and `docker load` (25 or newer) read it.
"""

import gzip
import hashlib
import io
import json
import platform
import sys
import tarfile

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
MEDIA = "application/vnd.oci.image."

# Root for the daemon, nobody for what the kernel shows of other namespaces. No certificates: the cluster's own come with the
# service account, and no other server is spoken to.
FILES = {
    "etc/passwd": b"root:x:0:0:root:/:/sbin/nologin\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n",
    "etc/group": b"root:x:0:\nnogroup:x:65534:\n",
    "etc/nsswitch.conf": b"passwd: files\ngroup: files\nhosts: files dns\n",
}
FOLDERS = ["dev", "etc", "proc", "run", "sys", "tmp", "usr", "usr/local", "usr/local/bin", "var", "var/lib"]
# kubeadm's DaemonSet calls the program by this path and name.
LINKS = {"usr/local/bin/kube-proxy": "fairlead"}


def entry(name, mode, kind=tarfile.REGTYPE):
    """A tar header without anything that differs from one build to the next."""
    header = tarfile.TarInfo(name)
    header.type, header.mode, header.mtime = kind, mode, 0
    header.uid = header.gid = 0
    header.uname = header.gname = ""
    return header


def add_file(archive, name, data, mode=0o644):
    header = entry(name, mode)
    header.size = len(data)
    archive.addfile(header, io.BytesIO(data))


def layer(executable, plugin):
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name in FOLDERS:
            archive.addfile(entry(name, 0o1777 if name == "tmp" else 0o755, tarfile.DIRTYPE))
        for name, data in sorted(FILES.items()):
            add_file(archive, name, data)
        add_file(archive, "usr/local/bin/fairlead", executable, 0o755)
        # Beside it, where `fairlead cni install` looks.
        add_file(archive, "usr/local/bin/fairlead-cni", plugin, 0o755)
        for name, target in sorted(LINKS.items()):
            link = entry(name, 0o777, tarfile.SYMTYPE)
            link.linkname = target
            archive.addfile(link)
    return output.getvalue()


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def to_json(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


class Blobs(dict):
    """The archive's contents by digest."""

    def add(self, data, media_type, **more):
        self[digest(data)] = data
        return {"mediaType": MEDIA + media_type, "digest": digest(data), "size": len(data), **more}


def image(executable, plugin, name, version):
    """The blobs of the image, and its index."""
    system = {"os": "linux", "architecture": ARCHITECTURES[platform.machine()]}
    labels = {
        "org.opencontainers.image.title": "fairlead",
        "org.opencontainers.image.description": "Service proxy of a Kubernetes node, in the place of kube-proxy",
        "org.opencontainers.image.version": version,
        # Fairlead's own licence, and those of the libraries that are linked into it.
        "org.opencontainers.image.licenses": "Apache-2.0 AND GPL-2.0-or-later AND LGPL-2.1-or-later",
    }
    blobs = Blobs()
    contents = layer(executable, plugin)
    layer_entry = blobs.add(gzip.compress(contents, compresslevel=6, mtime=0), "layer.v1.tar+gzip")
    config = {
        **system,
        "created": "1970-01-01T00:00:00Z",
        "config": {
            "Entrypoint": ["/usr/local/bin/fairlead"],
            "Env": ["PATH=/usr/local/bin"],
            "Labels": labels,
            "StopSignal": "SIGTERM",
            "WorkingDir": "/",
        },
        "rootfs": {"type": "layers", "diff_ids": [digest(contents)]},
        "history": [{"created": "1970-01-01T00:00:00Z", "created_by": "fairlead " + version}],
    }
    manifest = {
        "schemaVersion": 2,
        "mediaType": MEDIA + "manifest.v1+json",
        "config": blobs.add(to_json(config), "config.v1+json"),
        "layers": [layer_entry],
        "annotations": labels,
    }
    # containerd reads the first annotation, others the second.
    names = {"io.containerd.image.name": f"{name}:{version}", "org.opencontainers.image.ref.name": version}
    listed = blobs.add(to_json(manifest), "manifest.v1+json", platform=system, annotations=names)
    return blobs, {"schemaVersion": 2, "mediaType": MEDIA + "index.v1+json", "manifests": [listed]}


def main():
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    _, executable, plugin, name, version, output = sys.argv
    with open(executable, "rb") as file, open(plugin, "rb") as plugin_file:
        blobs, index = image(file.read(), plugin_file.read(), name, version)
    with tarfile.open(output, "w", format=tarfile.USTAR_FORMAT) as archive:
        add_file(archive, "oci-layout", to_json({"imageLayoutVersion": "1.0.0"}))
        add_file(archive, "index.json", to_json(index))
        for folder in ("blobs", "blobs/sha256"):
            archive.addfile(entry(folder, 0o755, tarfile.DIRTYPE))
        for name_of_blob, data in sorted(blobs.items()):
            add_file(archive, "blobs/" + name_of_blob.replace(":", "/"), data)
    print(f"{output}: {name}:{version}, {index['manifests'][0]['digest']}")


main()
