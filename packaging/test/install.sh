# make install and make uninstall.

test_install() {
    local root=$work/installed file
    make -s -C "$repository" install DIST="$dist" DESTDIR="$root" PREFIX=/opt/fairlead >"$work/install.log"
    "$root/opt/fairlead/bin/fairlead" --version >/dev/null
    grep -q '^ExecStart=/opt/fairlead/bin/fairlead proxy ' "$root/opt/fairlead/lib/systemd/system/fairlead.service"
    [ -s "$root/opt/fairlead/share/man/man8/fairlead.8.gz" ]
    # It finds the plugin that was installed with it.
    "$root/opt/fairlead/bin/fairlead" cni install --bin-dir "$work/bin" --conf-dir "$work/conf" --pod-cidr 10.244.1.0/24 >/dev/null
    cmp "$work/bin/fairlead-cni" "$dist/fairlead-cni" || fail "another plugin was installed"
    while read -r file; do [ -f "$file" ] || fail "install says that there is $file"; done <"$work/install.log"
    [ "$(find "$root" -type f | wc -l)" = "$(wc -l <"$work/install.log")" ] || fail "install has written what it does not list"

    make -s -C "$repository" uninstall DIST="$dist" DESTDIR="$root" PREFIX=/opt/fairlead >/dev/null
    [ -z "$(find "$root" ! -type d)" ] || fail "uninstall has left $(find "$root" ! -type d)"
    [ ! -e "$root/opt/fairlead/share/doc/fairlead" ] || fail "uninstall has left a folder"
}
