"""Marks that bot checks leave in a page. Never takes what stands on guarded pages for one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors.trees import Element, select


@dataclass(frozen=True)
class Mark:
    """One maker's check. What guarded live pages carry too counts only where there is little to read."""

    maker: str
    css: str = ""  # elements that prove it on any page
    css_short: str = ""  # elements that prove it on a page with little to read
    script: str = ""  # a pattern in scripts and their addresses; likewise


MARKS = (
    Mark(
        "Cloudflare",
        "#challenge-form, #cf-challenge-running, #challenge-running, #challenge-stage, #cf-chl-widget, "
        "#cf-please-wait, form[action*='__cf_chl'], .cf-browser-verification, .cf-captcha-container, "
        "meta#captcha-bypass",
        ".cf-error-details, #cf-error-details, .cf-turnstile, iframe[src*='challenges.cloudflare.com']",
        r"_cf_chl_opt|__CF\$cv\$params|/cdn-cgi/challenge-platform/|cf_chl_|jschl",
    ),
    Mark("Anubis", "#anubis_challenge, #anubis_version", script=r"within\.website/x/cmd/anubis"),
    Mark("DataDome", "iframe[src*='captcha-delivery.com']", script=r"captcha-delivery\.com"),
    Mark("PerimeterX", "#px-captcha, #px-captcha-wrapper", script=r"captcha\.px-cloud|px-captcha"),
    Mark(
        "Akamai", "#sec-if-cpt-container, #sec-text-if, #sec-bc-text-container", script=r"/_sec/cp_challenge|bm-verify"
    ),
    Mark("Kasada", script=r"KPSDK|/149e9513-01fa-4fb0-aad4-566afd725d1b/"),
    Mark("Imperva", "iframe[src*='_Incapsula_Resource']", script=r"_Incapsula_Resource"),
    Mark("AWS WAF", "#aws-waf-captcha, awswaf-captcha", script=r"awsWafCookieDomainList|AwsWafIntegration|gokuProps"),
    Mark("DDoS-Guard", script=r"ddos-guard/js-challenge|check\.ddos-guard\.net"),
    Mark("Sucuri", script=r"sucuri_cloudproxy_js"),
    Mark("Vercel", script=r"/\.well-known/vercel/security"),
    Mark("Sina", script=r"/visitor/mini_original\.js|passport\.weibo\.com/visitor"),
    Mark("Google", "form#captcha-form, form[action*='/sorry/index']"),
    Mark(
        "captcha",
        css_short=".g-recaptcha, .h-captcha, #captcha, .captcha-container, #FunCaptcha, .geetest_captcha, "
        "iframe[src*='captcha'], iframe[src*='arkoselabs']",
        script=r"js_challenge",
    ),
)
MOST_SCRIPT = 300_000  # characters of script that are looked at


def challenge_in(root: Element, *, short: bool) -> str:
    """Which check the page is, in words; empty where it is none. `short`: there is little to read on it."""
    scripts = _scripts(root) if short else ""
    for mark in MARKS:
        css = [mark.css, mark.css_short] if short else [mark.css]
        if any(each and select(root, each) for each in css) or (
            short and mark.script and re.search(mark.script, scripts) is not None
        ):
            return f"a check before the page: {mark.maker}"
    return ""


def _scripts(root: Element) -> str:
    parts: list[str] = []
    room = MOST_SCRIPT
    for node in root.iter("script"):
        text = f"{node.get('src') or ''} {node.text or ''}"
        parts.append(text[:room])
        room -= len(text)
        if room <= 0:
            break
    return "\n".join(parts)
