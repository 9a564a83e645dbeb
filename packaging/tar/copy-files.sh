# What the installers of the archives share: reads --root, and copies what MANIFEST lists.

root=
case ${1:-} in
"") ;;
--root) root=${2:?"--root needs a directory"} ;;
--root=*) root=${1#--root=} ;;
*)
    echo "Usage: $0 [--root DIR]" >&2
    exit 64
    ;;
esac
root=${root%/}
if [ "$(id -u)" != 0 ]; then
    echo "Run this as root" >&2
    exit 77
fi

# copy_files NAME: what is in the package NAME.
copy_files() {
    while read -r mode path; do
        case $path in
        etc/*) if [ -e "$root/$path" ]; then continue; fi ;;
        esac
        mkdir -p "$root/${path%/*}"
        # Replaced, not written into: a program that runs keeps its file.
        rm -f "$root/$path.new"
        cp -P "$here/files/$path" "$root/$path.new"
        if [ "$mode" != link ]; then chmod "$mode" "$root/$path.new"; fi
        mv -f "$root/$path.new" "$root/$path"
    done <"$here/MANIFEST"
    mkdir -p "$root/usr/lib/$1"
    cp "$here/MANIFEST" "$root/usr/lib/$1/MANIFEST"
}
