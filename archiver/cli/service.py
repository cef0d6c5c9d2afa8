"""The file with which a system runs `watch run --once` by itself: printed, never installed, named neutrally (B1)."""

from __future__ import annotations

from xml.sax.saxutils import escape

MODULE = "-P -m archiver --quiet{vault} watch run --once"
EVERY_MINUTES = 15

SYSTEMD = """# ~/.config/systemd/user/notes.service
[Unit]
Description=Notes

[Service]
Type=oneshot
ExecStart="{python}" {module}
Nice=10

# ~/.config/systemd/user/notes.timer
[Unit]
Description=Notes

[Timer]
OnCalendar=*:0/{minutes}
RandomizedDelaySec=240
Persistent=true

[Install]
WantedBy=timers.target

# then: systemctl --user enable --now notes.timer
"""
CRON = '*/{minutes} * * * * "{python}" {module} >/dev/null 2>&1\n'
WINDOWS = """<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>Notes</Description><URI>\\Notes</URI></RegistrationInfo>
  <Triggers><TimeTrigger><Repetition><Interval>PT{minutes}M</Interval></Repetition>
    <StartBoundary>2026-01-01T00:00:00</StartBoundary><RandomDelay>PT4M</RandomDelay></TimeTrigger></Triggers>
  <Settings><MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <StartWhenAvailable>true</StartWhenAvailable><Hidden>true</Hidden>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries></Settings>
  <Actions><Exec><Command>{python}</Command><Arguments>{module}</Arguments></Exec></Actions>
</Task>
"""


def service_for(kind: str | None, *, platform: str, python: str, vault: str = "") -> str:
    """`kind` or, where it is None, what such a system usually has. `vault`: a folder that is not the usual."""
    usual = {"win32": "windows", "darwin": "cron"}.get(platform, "systemd")
    chosen = kind or usual
    if chosen == "windows":
        module = MODULE.format(vault=f' --vault "{vault}"' if vault else "")
        return WINDOWS.format(python=escape(python), module=escape(module), minutes=EVERY_MINUTES)
    # cron reads % as the end of the line, and systemd as a name to be filled in
    percent = "\\%" if chosen == "cron" else "%%"
    template = CRON if chosen == "cron" else SYSTEMD
    module = MODULE.format(vault=f' --vault "{vault}"' if vault else "").replace("%", percent)
    return template.format(python=python.replace("%", percent), module=module, minutes=EVERY_MINUTES)
