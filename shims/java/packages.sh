# Prints the JDK and the libraries that the shims have been built with, one `package version` on a line.
set -eu
[ -d .classes ] || exit 0
echo "jdk $(java --version | sed -n '1s/^[^ ]* \([^ ]*\).*/\1/p')"
for jar in .lib/*.jar; do
    basename "$jar" .jar | sed 's/-\([0-9]\)/ \1/'
done
