#!/usr/bin/env bash
# Writes an OCI image archive of a static busybox, for containers and sandboxes alike: no registry, no container runtime.
#
#   image.sh BUSYBOX NAME:TAG OUTPUT.tar
set -euo pipefail
busybox=$1 name=$2 output=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
media=application/vnd.oci.image

digest() { sha256sum "$1" | cut -d' ' -f1; }

blob() { # FILE: moves it to where its content says, and prints that as a descriptor's fields
    local sum
    sum=$(digest "$1")
    mv "$1" "$work/oci/blobs/sha256/$sum"
    echo "\"digest\":\"sha256:$sum\",\"size\":$(stat -c %s "$work/oci/blobs/sha256/$sum")"
}

mkdir -p "$work/files"/{bin,dev,etc,proc,sys,tmp} "$work/oci/blobs/sha256"
chmod 1777 "$work/files/tmp"
cp "$busybox" "$work/files/bin/busybox"
for applet in sh httpd ip nc ping sleep wget; do ln -s busybox "$work/files/bin/$applet"; done
tar -C "$work/files" --owner 0 --group 0 -cf "$work/layer" .
layer=$(digest "$work/layer")
case $(uname -m) in aarch64) architecture=arm64 ;; *) architecture=amd64 ;; esac

cat >"$work/config" <<JSON
{"architecture":"$architecture","os":"linux","config":{"Cmd":["/bin/sleep","86400"],"Env":["PATH=/bin"]},
"rootfs":{"type":"layers","diff_ids":["sha256:$layer"]}}
JSON
layer=$(blob "$work/layer")
cat >"$work/manifest" <<JSON
{"schemaVersion":2,"mediaType":"$media.manifest.v1+json","config":{"mediaType":"$media.config.v1+json",$(blob "$work/config")},
"layers":[{"mediaType":"$media.layer.v1.tar",$layer}]}
JSON
cat >"$work/oci/index.json" <<JSON
{"schemaVersion":2,"manifests":[{"mediaType":"$media.manifest.v1+json",$(blob "$work/manifest"),
"platform":{"architecture":"$architecture","os":"linux"},
"annotations":{"io.containerd.image.name":"$name","org.opencontainers.image.ref.name":"$name"}}]}
JSON
echo '{"imageLayoutVersion":"1.0.0"}' >"$work/oci/oci-layout"
tar -C "$work/oci" -cf "$output" .
