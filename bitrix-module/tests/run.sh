#!/bin/sh
# Runs every test of the shop's module: lints each PHP file, then phpunit over the stub of the Bitrix kernel.
# SQLite by default; AMOBRIDGE_TEST_MARIADB='mysql:host=127.0.0.1;dbname=test|user|password' runs over MariaDB.
set -eu
cd "$(dirname "$0")"

packages='php-cli php-sqlite3 php-mysql php-curl php-xml php-mbstring phpunit'

missing() {
    command -v php >/dev/null 2>&1 || { echo 'php'; return; }
    command -v phpunit >/dev/null 2>&1 || echo 'phpunit'
    for extension in curl dom mbstring openssl pdo_mysql pdo_sqlite; do
        php -m | grep -qix "$extension" || echo "php extension $extension"
    done
    php -r 'exit(PHP_VERSION_ID >= 80100 ? 0 : 1);' || echo 'PHP 8.1 or newer'
}

lacking=$(missing)
if [ -n "$lacking" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing for the tests of the shop's module: $packages"
    log=$(mktemp)
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $packages; } >"$log" 2>&1 || tail -n 20 "$log"
    rm -f "$log"
    lacking=$(missing)
fi
if [ -n "$lacking" ]; then
    echo "The tests of the shop's module need what this machine lacks:" $lacking
    echo "On Debian or Ubuntu: sudo apt-get install $packages"
    exit 1
fi

files=0
for file in $(find .. -name '*.php'); do
    php -l "$file" >/dev/null || exit 1
    files=$((files + 1))
done
echo "php -l: $files files"

exec phpunit --configuration phpunit.xml "$@"
