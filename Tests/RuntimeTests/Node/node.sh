#!/usr/bin/env bash
# A node's file system and cgroup, in namespaces of its own: what runs here reads and writes this system's paths, but what it
# writes to /etc, /opt, /var/lib, /run and /tmp is gone with it. It says "ready" and stays until it is killed.
#
#   node.sh FOLDER CGROUP    in mount, network and process namespaces of its own, as their first process
set -euo pipefail
folder=$1 cgroup=$2

if [ "${3:-}" != inside ]; then
    mount -t tmpfs -o mode=755 node "$folder"
    mkdir "$folder/cgroup"
    # Of version 2 whatever this system has: without controllers it is there on every one.
    mount -t cgroup2 cgroup2 "$folder/cgroup"
    mkdir "$folder/cgroup/$cgroup"
    echo $$ >"$folder/cgroup/$cgroup/cgroup.procs"
    exec unshare --cgroup "$0" "$folder" "$cgroup" inside
fi

umount "$folder/cgroup"
for path in etc opt var/lib; do
    mkdir -p "$folder/upper/$path" "$folder/inner/$path"
    mount -t overlay -o "lowerdir=/$path,upperdir=$folder/upper/$path,workdir=$folder/inner/$path" node "/$path"
done
# No container of another runtime, and no network of another's, is seen here.
for path in /run /var/lib/cni /var/lib/containers /var/lib/containerd /etc/cni /opt/cni; do
    mkdir -p "$path"
    mount -t tmpfs -o mode=755 node "$path"
done
mkdir -p /run/netns /run/lock "$folder/tmp"
mount --bind "$folder/tmp" /tmp
mount -t sysfs sysfs /sys
mount -t cgroup2 cgroup2 /sys/fs/cgroup
ip link set lo up
for name in net.ipv4.ip_forward net.ipv6.conf.all.forwarding; do
    echo 1 >"/proc/sys/${name//.//}"
done

echo ready
# Reaps what is left to it, as every first process must.
while :; do sleep 1000 & wait $!; done
