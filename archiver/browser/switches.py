"""What Chromium is started with, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence

PLAYWRIGHTS_FEATURES_OFF = (  # Playwright 1.65's, in its order; ours holds them, since Chromium heeds the last list
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",  # an address is asked as it was given
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "TcpPortRandomizationWin",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    "msForceBrowserSignIn",
    "msEdgeUpdateLaunchServicesPreferredVersion",
)
FEATURES_OFF = (
    "WebUIOmniboxPopup",  # two pages for the address box, with every window: half of a visit's processor time
    "WebUIOmniboxAimPopup",
)
SWITCHES = (
    "--force-gpu-mem-available-mb=4096",  # less is painted white: at scale 1 after 85,600 px (Chromium 156, no GPU)
    "--disable-quic",  # the guard relays TCP; QUIC would go around it where a proxy is not asked
    "--dns-prefetch-disable",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # the guard looks names up; Chromium finds only it
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-pings",
    "--disk-cache-size=1",  # nothing that comes over the network is written to a cache file
    "--media-cache-size=1",
)


def _off(features: Sequence[str]) -> str:
    return f"--disable-features={','.join(features)}"


FEATURES = _off([*PLAYWRIGHTS_FEATURES_OFF, *FEATURES_OFF])
NOT_SWITCHES = (  # Playwright's own
    "--disable-popup-blocking",  # a page that opens windows in a loop gets them blocked
    _off(PLAYWRIGHTS_FEATURES_OFF),  # in FEATURES; given twice, one would undo the other
)
