# Checks this folder with Windows PowerShell 5.1 and the .NET that belongs to Windows 10 and 11. Changes nothing.
# Each line says what was checked. The last line says whether anything was found; then the exit code is 1.
# Start it with: powershell -ExecutionPolicy Bypass -File verify.ps1

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$root = Split-Path -Parent $MyInvocation.MyCommand.Path
$start = $root.TrimEnd('\').Length + 1  # of the names below it; a drive's own folder ends in a backslash already
$found = 0
trap { Write-Output "FOUND    it could not be checked: $($_.Exception.Message)"; exit 1 }

function Fail($text) { Write-Output "FOUND    $text"; $script:found = 1 }
function Checked($text) { Write-Output "checked  $text" }
function FullName($path) { Join-Path $root ($path -replace '/', '\') }
function Bytes($path) { , [System.IO.File]::ReadAllBytes((FullName $path)) }  # the comma: as one thing, also when empty
function Text($path) { [System.Text.Encoding]::UTF8.GetString((Bytes $path)) }
function Lines($path) { @((Text $path).Split("`n") | Where-Object { $_ -ne '' }) }
function Hex($bytes) { ([System.BitConverter]::ToString($bytes) -replace '-', '').ToLowerInvariant() }
function Sum($bytes) {
  $sha = [System.Security.Cryptography.SHA256]::Create()
  try { Hex $sha.ComputeHash([byte[]]$bytes) } finally { $sha.Dispose() }
}
function FileSum($path) { (Get-FileHash -LiteralPath (FullName $path) -Algorithm SHA256).Hash.ToLowerInvariant() }

# 1. Every file that a list names is there and has the digest that the list gives.
$listed = New-Object 'System.Collections.Generic.Dictionary[string,string]' ([System.StringComparer]::Ordinal)
$folders = New-Object 'System.Collections.Generic.Dictionary[string,bool]' ([System.StringComparer]::Ordinal)
foreach ($list in 'manifest-sha256.txt', 'tagmanifest-sha256.txt', 'seals-sha256.txt') {
  $wrong = 0
  foreach ($line in (Lines $list)) {
    if ($line -cnotmatch '^([0-9a-f]{64})  (\S.*)$') { Fail "a line of $list is not a digest and a path"; $wrong++; continue }
    $digest = $Matches[1]; $path = $Matches[2]
    if ($listed.ContainsKey($path)) { Fail "named twice: $path"; $wrong++ }
    $listed[$path] = $digest
    for ($at = $path.IndexOf('/'); $at -gt 0; $at = $path.IndexOf('/', $at + 1)) { $folders[$path.Substring(0, $at)] = $true }
    if (-not (Test-Path -LiteralPath (FullName $path) -PathType Leaf)) { Fail "missing: $path"; $wrong++ }
    elseif ((FileSum $path) -cne $digest) { Fail "changed: $path"; $wrong++ }
  }
  if ($wrong -eq 0) { Checked "files in $list" }
}

# 2. No other file and no other folder is there.
$strays = 0
foreach ($file in (Get-ChildItem -LiteralPath $root -Recurse -Force)) {
  $path = $file.FullName.Substring($start) -replace '\\', '/'
  if ($file.PSIsContainer) {
    if (-not $folders.ContainsKey($path)) { Fail "no list names a file in it: $path"; $strays++ }
  } elseif ($path -cne 'seals-sha256.txt' -and -not $listed.ContainsKey($path)) { Fail "no list names it: $path"; $strays++ }
}
if ($strays -eq 0) { Checked 'that no other file is there' }

# 3. Signatures. The key is a point on the curve P-256: the last 64 bytes of its 91. A signature is two numbers in DER.
$pem = (Text 'log/public-key.pem') -replace '-----[A-Z ]+-----', '' -replace '\s', ''
$der = [System.Convert]::FromBase64String($pem)
function Number($bytes) {
  $digits = @($bytes)
  while ($digits.Count -gt 32) { $digits = $digits[1..($digits.Count - 1)] }
  [byte[]](@(0) * (32 - $digits.Count) + $digits)
}
function Signed($path, $signature) {
  try {
    $raw = Bytes $signature
    $r = $raw[4..(3 + $raw[3])]
    $s = $raw[(6 + $raw[3])..(5 + $raw[3] + $raw[5 + $raw[3]])]
    $key = New-Object System.Security.Cryptography.ECParameters
    $key.Curve = [System.Security.Cryptography.ECCurve]::CreateFromFriendlyName('nistP256')
    $point = New-Object System.Security.Cryptography.ECPoint
    $point.X = [byte[]]$der[27..58]
    $point.Y = [byte[]]$der[59..90]
    $key.Q = $point
    $ecdsa = [System.Security.Cryptography.ECDsa]::Create($key)
    $both = [byte[]]((Number $r) + (Number $s))
    $sound = $ecdsa.VerifyData((Bytes $path), $both, [System.Security.Cryptography.HashAlgorithmName]::SHA256)
  } catch { $sound = $false }
  if ($sound) { Checked "signature of $path" } else { Fail "the signature of $path is not that key's over this file" }
}
Signed 'tagmanifest-sha256.txt' 'tagmanifest-sha256.sig'
Signed 'log/checkpoint.txt' 'log/checkpoint.sig'

# 4. The list of entries is the one that was signed.
$hashes = @(Lines 'log/log-hashes.txt')
function Committed($folder, $whole) {
  $said = @((Text "$folder/checkpoint.txt").Split("`n"))
  $n = [int]$said[1]
  $same = $false
  if ($n -ge 1 -and $n -le $hashes.Count) {
    $first = [System.Text.Encoding]::ASCII.GetBytes((($hashes[0..($n - 1)]) -join "`n") + "`n")
    $same = (Sum $first) -ceq $said[2]
  }
  if ($whole -and $n -ne $hashes.Count) { $same = $false }
  if ($same) { Checked "the first $n entries of the list, as $folder/checkpoint.txt says" }
  else { Fail "log/log-hashes.txt is not the list that $folder/checkpoint.txt speaks of" }
}
Committed 'log' $true

# 5. Each entry that was handed over is the one that the list names at its place, and the first one names the key.
$misplaced = 0
$named = '"public_key":"' + ((Text 'log/public-key.pem') -replace "`n", '\n') + '"'
if (-not (Text 'log/entries/entry-1.json').Contains($named)) { Fail 'entry 1 names another key than log/public-key.pem'; $misplaced++ }
foreach ($file in (Get-ChildItem -LiteralPath (FullName 'log/entries'))) {
  $at = 0
  if ($file.Name -cmatch '^entry-([1-9][0-9]*)\.json$') { $at = [int]$Matches[1] }
  if ($at -lt 1 -or $at -gt $hashes.Count -or (FileSum "log/entries/$($file.Name)") -cne $hashes[$at - 1]) {
    Fail "log/entries/$($file.Name) is not the entry that the list names at its place"; $misplaced++
  } elseif ($at -gt 1 -and -not (Text "log/entries/$($file.Name)").Contains('"prev":"' + $hashes[$at - 2] + '"')) {
    Fail "entry $at does not name the entry before it"; $misplaced++
  }
}
if ($misplaced -eq 0) { Checked 'the place of each entry' }

# 6. Each original is named by its entry.
$held = 0
foreach ($line in (Lines 'log/originals.txt')) {
  $digest, $at, $path = $line -split ' ', 3
  if (-not (Text "log/entries/entry-$at.json").Contains('"sha256":"' + $digest + '"')) { Fail "entry $at does not name $path" }
  if (-not $listed.ContainsKey($path) -or $listed[$path] -cne $digest) { Fail "$path is not the file that entry $at names" }
  $held++
}
Checked "$held originals, each named by its entry"

# 7. Times that others put to the log: their place in the log can be checked here, their signatures can't.
$tokens = @(Get-ChildItem -LiteralPath (FullName 'log') | Where-Object { $_.PSIsContainer -and $_.Name -eq 'anchors' })
if ($tokens.Count -eq 0) {
  Write-Output 'not checked: times by others. There are none: no outsider has fixed when this log was there.'
} else {
  foreach ($folder in (Get-ChildItem -LiteralPath (FullName 'log/anchors'))) {
    Signed "log/anchors/$($folder.Name)/checkpoint.txt" "log/anchors/$($folder.Name)/checkpoint.sig"
    Committed "log/anchors/$($folder.Name)" $false
  }
  Write-Output 'not checked: the time-stamp tokens themselves. Windows has no program for it; openssl on another computer has.'
}

Write-Output "The key's fingerprint is $(Sum $der): compare it with what the person who gave you this folder says."
if (Test-Path -LiteralPath (FullName 'tagmanifest-times')) {
  Write-Output 'not checked: the time stamp of this folder. Windows has no program for it; openssl on another computer has.'
}
if ($found -eq 0) { Write-Output 'Nothing was found.'; exit 0 }
Write-Output 'Something was found: see the lines that begin with FOUND.'
exit 1
