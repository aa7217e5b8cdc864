#!/usr/bin/env python3
"""Writes the manual page from the help that the program has of itself.

    fairlead --experimental-dump-help | manpage.py VERSION DATE > fairlead.8

DATE is a number of seconds since 1970.
"""

import json
import re
import sys
import textwrap
import time

EVERYWHERE = {"version", "help"}


def text(words):
    """Prose, each sentence on lines of its own; nothing in it is taken for a request, and `--option` keeps its dashes."""
    words = words.replace("\\", "\\e").replace("\n", " ")
    words = re.sub(r"(?<!\w)--?(?=\w)", lambda dashes: dashes.group().replace("-", "\\-"), words)
    lines = []
    for sentence in re.split(r"(?<=[.?!]) +(?=[A-Z'(\\])", words):
        lines += textwrap.wrap(sentence, 76, break_long_words=False, break_on_hyphens=False)
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in lines)


def literal(words):
    """Words to be typed as they are."""
    words = words.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + words if words[:1] in (".", "'") else words


def blocks(discussion):
    """Pairs of a heading, empty for what stands before the first, and the lines under it."""
    found = [("", [])]
    for line in (discussion or "").split("\n"):
        if re.fullmatch(r"[A-Z][A-Z ]+", line):
            found.append((line, []))
        else:
            found[-1][1].append(line)
    return [(heading, lines) for heading, lines in found if any(lines)]


def paragraphs(heading, lines):
    """What stands under a heading: shell lines as they are, `term   meaning` as a list, anything else as prose."""
    lines = [line.strip() for line in lines]
    terms = [re.fullmatch(r"(.+?)\s{2,}(\S.*)", line) for line in lines if line]
    if heading == "EXAMPLES":
        yield ".Bd -literal -offset indent"
        yield from (literal(line) for line in lines if line)
        yield ".Ed"
    elif terms and all(terms):
        yield ".Bl -tag -width Ds"
        for term in terms:
            yield f'.It "{literal(term[1])}"'
            yield text(term[2])
        yield ".El"
    else:
        separate = False
        for line in lines:
            if line and separate:
                yield ".Pp"
            if line:
                yield text(line)
            separate = bool(line) or separate


def flags(argument):
    dashes = {"short": "", "longWithSingleDash": "", "long": "-"}
    names = [f"Fl {dashes[name['kind']]}{name['name']}" for name in argument.get("names", [])]
    value = f"Ar {argument['valueName']}"
    if argument["kind"] == "positional":
        return value
    return " , ".join(names) + (f" {value}" if argument["kind"] == "option" else "")


def shown(command):
    own = command["commandName"] == "fairlead"
    for argument in command.get("arguments", []):
        if argument["shouldDisplay"] and (own or argument["valueName"] not in EVERYWHERE):
            yield argument


def synopsis(command):
    yield ".Nm" if command["commandName"] == "fairlead" else f".Nm Cm {command['commandName']}"
    arguments = list(shown(command))
    optional = [argument for argument in arguments if argument["isOptional"]]
    if len(optional) > 6:
        yield ".Op Ar options"
    for argument in arguments:
        if not argument["isOptional"]:
            yield "." + flags(argument)
        elif len(optional) <= 6:
            yield ".Op " + flags(argument).replace(" , ", " | ")


def options(command):
    title = None
    listed = False
    for argument in shown(command):
        if not listed or argument.get("sectionTitle") != title:
            if listed:
                yield ".El"
            title = argument.get("sectionTitle")
            if title:
                yield ".Pp"
                yield f".Em {title} :"
            yield ".Bl -tag -width Ds"
            listed = True
        yield ".It " + flags(argument)
        if argument.get("abstract"):
            yield text(argument["abstract"])
        if argument.get("discussion"):
            yield text(argument["discussion"])
        if argument.get("allValues") and not argument.get("abstract", "").count(argument["allValues"][0]):
            yield text("One of " + ", ".join(argument["allValues"]) + ".")
        if argument.get("defaultValue"):
            yield text(f"The default is {argument['defaultValue']}.")
    if listed:
        yield ".El"


def command_section(command):
    yield f".Ss fairlead {command['commandName']}"
    yield text(command["abstract"])
    for heading, lines in blocks(command.get("discussion")):
        yield ".Pp"
        if heading:
            yield f".Sy {heading.capitalize() if heading != 'JSON' else heading} :"
            if heading == "JSON":
                yield ".Pp"
        yield from paragraphs(heading, lines)
    yield from options(command)


def flattened(tool):
    """The commands, and after each those below it, with both names."""
    for command in tool.get("subcommands", []):
        if command["commandName"] == "help":
            continue
        yield command
        for below in flattened(command):
            yield {**below, "commandName": f"{command['commandName']} {below['commandName']}"}


def page(tool, version, date):
    commands = list(flattened(tool))
    about = dict(blocks(tool.get("discussion")))
    month, day, year = time.strftime("%B %d %Y", time.gmtime(date)).split()
    yield f".Dd {month} {int(day)}, {year}"
    yield ".Dt FAIRLEAD 8"
    yield f".Os Fairlead {version}"
    yield ".Sh NAME"
    yield ".Nm fairlead"
    yield ".Nd " + text(tool["abstract"].rstrip("."))
    yield ".Sh SYNOPSIS"
    for command in [tool, *commands]:
        if command is tool or not command.get("subcommands"):
            yield from synopsis(command)
    yield ".Sh DESCRIPTION"
    yield from paragraphs("", about.get("", []))
    yield from options(tool)
    yield ".Sh COMMANDS"
    for command in commands:
        yield from command_section(command)
    yield ".Sh FILES"
    yield ".Bl -tag -width Ds"
    yield ".It Pa /etc/fairlead/config.yaml"
    yield "The configuration that the systemd unit gives to"
    yield ".Ic fairlead proxy ."
    yield ".It Pa /etc/fairlead/kubeconfig"
    yield "How it reaches an API server."
    yield ".It Pa /etc/default/fairlead"
    yield "May set"
    yield ".Ev FAIRLEAD_OPTIONS ,"
    yield "further options of the unit's command."
    yield ".El"
    for heading in ("EXIT STATUS", "EXAMPLES"):
        if heading in about:
            yield f".Sh {heading}"
            yield from paragraphs(heading, about[heading])
    yield ".Sh SEE ALSO"
    yield ".Xr conntrack 8 ,"
    yield ".Xr nft 8"
    if "SEE ALSO" in about:
        yield from paragraphs("SEE ALSO", about["SEE ALSO"])


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    tool = json.load(sys.stdin)["command"]
    print("\n".join(page(tool, sys.argv[1], int(sys.argv[2]))))


main()
