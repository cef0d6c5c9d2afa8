#!/bin/sh
# Checks this folder with what the computer has: sh, head, openssl, and sha256sum or shasum. Changes nothing.
# Each line says what was checked. The last line says whether anything was found; then the exit code is 1.

case $0 in */*) cd "${0%/*}" || exit 2 ;; esac
LC_ALL=C
export LC_ALL
found=0

if command -v sha256sum >/dev/null 2>&1; then
  sum() { sha256sum "$@"; }
elif command -v shasum >/dev/null 2>&1; then
  sum() { shasum -a 256 "$@"; }
else
  echo "Neither sha256sum nor shasum is on this computer." && exit 2
fi
fail() {
  printf 'FOUND    %s\n' "$1"
  found=1
}
checked() { printf 'checked  %s\n' "$1"; }
newline='
'

# 1. Every file that a list names is there and has the digest that the list gives.
files() {
  if out=$(sum -c "$1" 2>&1); then
    checked "files in $1"
  else
    fail "files in $1 are missing or changed:"
    printf '%s\n' "$out" | while IFS= read -r line; do
      case $line in *": OK") ;; *[!\ -~]*) echo "         (signs that are not shown here)" ;; *) echo "         $line" ;; esac
    done
  fi
}
for list in manifest-sha256.txt tagmanifest-sha256.txt seals-sha256.txt; do files "$list"; done
# The last list is in no other: it must be letter for letter what is made anew (sha256sum takes capitals too).
set -- tagmanifest-times/*/*
[ -e "$1" ] || set --
made=$(sum tagmanifest-sha256.sig tagmanifest-sha256.txt "$@" 2>/dev/null)
[ "$made" = "$(head -n 9999999 seals-sha256.txt)" ] || fail "seals-sha256.txt is not as it was written"

# 2. No other file and no other folder is there. A name may hold a line break, and then look like two lines of a list.
listed=$newline$(head -n 9999999 manifest-sha256.txt)$newline$(head -n 9999999 tagmanifest-sha256.txt)$newline
listed=$listed$(head -n 9999999 seals-sha256.txt)$newline
strays=0
stray() {
  strays=$((strays + 1))
  case $2 in
    *[!\ -~]*) fail "$1: its name has signs that are not shown here" ;;
    *) fail "$1: $2" ;;
  esac
}
walk() {
  for path in "$1"/* "$1"/.[!.]* "$1"/..?*; do
    case $path in *"$newline"*) stray "no list names it" "$path" && continue ;; esac
    if [ -L "$path" ]; then
      stray "a link was added" "$path"
    elif [ -d "$path" ]; then
      case $listed in
        *"  ${path#./}/"*) walk "$path" ;;
        *) stray "no list names a file in it" "$path" ;;
      esac
    elif [ -e "$path" ] && [ "$path" != ./seals-sha256.txt ]; then
      case $listed in
        *"  ${path#./}$newline"*) ;;
        *) stray "no list names it" "$path" ;;
      esac
    fi
  done
}
walk .
[ $strays -eq 0 ] && checked "that no other file is there"

# 3. Signatures.
signed() {
  if openssl dgst -sha256 -verify log/public-key.pem -signature "$2" "$1" >/dev/null 2>&1; then
    checked "signature of $1"
  else
    fail "the signature of $1 is not that key's over this file"
  fi
}
signed tagmanifest-sha256.txt tagmanifest-sha256.sig
signed log/checkpoint.txt log/checkpoint.sig

# 4. The list of entries is the one that was signed.
lines=0
while IFS= read -r line; do lines=$((lines + 1)); done <log/log-hashes.txt
committed() {
  n='' digest=''
  { read -r vault && read -r n && read -r digest; } <"$1/checkpoint.txt"
  made=$(head -n "$n" log/log-hashes.txt 2>/dev/null | sum)
  if [ -n "$digest" ] && [ "${made%% *}" = "$digest" ] && [ "$n" -le "$lines" ]; then
    checked "the first $n entries of the list, as $1/checkpoint.txt says"
  else
    fail "log/log-hashes.txt is not the list that $1/checkpoint.txt speaks of"
  fi
}
committed log
[ "$n" = "$lines" ] || fail "log/log-hashes.txt has $lines lines where log/checkpoint.txt says $n"

# 5. Each entry that was handed over is the one that the list names at its place, and the first one names the key.
key=
while IFS= read -r line; do key="$key$line\\n"; done <log/public-key.pem
at=0
there=0
while IFS= read -r line; do
  at=$((at + 1))
  if [ -f "log/entries/entry-$at.json" ]; then
    there=$((there + 1))
    made=$(sum <"log/entries/entry-$at.json")
    [ "${made%% *}" = "$line" ] || fail "log/entries/entry-$at.json is not entry $at of the list"
    IFS= read -r entry <"log/entries/entry-$at.json"
    if [ $at -eq 1 ]; then
      case $entry in *'"public_key":"'"$key"'"'*) ;; *) fail "entry 1 names another key than log/public-key.pem" ;; esac
    else
      case $entry in *'"prev":"'"$before"'"'*) ;; *) fail "entry $at does not name the entry before it" ;; esac
    fi
  fi
  before=$line
done <log/log-hashes.txt
for path in log/entries/*; do there=$((there - 1)); done
[ -f log/entries/entry-1.json ] || fail "entry 1 is not there: nothing ties the key to the log"
if [ $there -eq 0 ]; then checked "the place of each entry"; else fail "entries were added or are missing"; fi

# 6. Each original is named by its entry.
held=0
while read -r digest at path; do
  IFS= read -r entry <"log/entries/entry-$at.json"
  case $entry in *'"sha256":"'"$digest"'"'*) ;; *) fail "entry $at does not name $path" ;; esac
  case $listed in *"$newline$digest  $path$newline"*) ;; *) fail "$path is not the file that entry $at names" ;; esac
  held=$((held + 1))
done <log/originals.txt
checked "$held originals, each named by its entry"

# 7. Times that others put to the log.
tokens=0
for folder in log/anchors/*; do
  [ -d "$folder" ] || continue
  tokens=$((tokens + 1))
  signed "$folder/checkpoint.txt" "$folder/checkpoint.sig"
  committed "$folder"
  set -- -data "$folder/checkpoint.txt" -in "$folder/reply.tsr" -CAfile "$folder/ca.pem"
  [ -f "$folder/chain.pem" ] && set -- "$@" -untrusted "$folder/chain.pem"
  if openssl ts -verify "$@" >/dev/null 2>&1; then
    checked "time-stamp token $folder"
  else
    fail "time-stamp token $folder does not hold"
  fi
done
stamps=0
for folder in tagmanifest-times/*; do
  [ -d "$folder" ] || continue
  stamps=$((stamps + 1))
  set -- -data tagmanifest-sha256.txt -in "$folder/reply.tsr" -CAfile "$folder/ca.pem"
  if openssl ts -verify "$@" -untrusted "$folder/chain.pem" >/dev/null 2>&1; then
    checked "time-stamp token $folder over the list of lists"
  else
    fail "time-stamp token $folder does not hold"
  fi
done
asked=0
while IFS= read -r line; do
  case $line in "Time-Stamp-Asked: "*) asked=$((asked + 1)) ;; esac
done <bag-info.txt
[ $stamps -ge $asked ] || echo "not there: $((asked - stamps)) of $asked time stamps that were asked for this folder."
[ $tokens -eq 0 ] && echo "not checked: times by others. There are none: no outsider has fixed when this log was there."

made=$(openssl pkey -pubin -in log/public-key.pem -outform DER 2>/dev/null | sum)
echo "The key's fingerprint is ${made%% *}: compare it with what the person who gave you this folder says."
[ $found -eq 0 ] && echo "Nothing was found." && exit 0
echo "Something was found: see the lines that begin with FOUND."
exit 1
