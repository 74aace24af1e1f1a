"""How does an operator give others the right to write, and take it away?"""

from collections.abc import Sequence
from typing import Any

import click

from toolbox_graph.accounts import SCOPES, Account, Accounts
from toolbox_graph.assembly import now
from toolbox_graph.terminal import Context, command, examples, main, say


@main.group(epilog=examples("token create --scope write", "token list", "token delete operator"))
def token() -> None:
    """Make, list and delete the tokens with which programs may write, and people review."""


@command(
    "token create --scope write",
    "token create --scope write --name field-team",
    "token create --scope review --name ada",
    "token create --scope write --name lab --graph https://example.org/graph/lab",
    group=token,
)
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice(SCOPES),
    help="What it allows.",
)
@click.option("--name", default="operator", show_default=True, help="Whose it is: small letters, digits, hyphens.")
@click.option("--graph", default="", help="IRI of the graph that it writes to [graph/community/NAME under the base].")
def create(context: Context, scopes: Sequence[str], name: str, graph: str) -> None:
    """Make a token and write it to standard output, once."""
    accounts = _accounts(context)
    text = accounts.create(name, scopes, now=now(), graph=graph)
    made = accounts.find(text)
    assert made
    does = f"writes to {made.graph}" if "write" in scopes else f"allows to {' and to '.join(sorted(scopes))}"
    say(f"This token of {name} {does}.")
    say("It is shown once; keep it where others do not read.")
    context.result({"token": text, **_shown(made)}, text)


@command("token list", "token list --json", name="list", group=token)
def list_(context: Context) -> None:
    """Show whose tokens there are, never the tokens themselves."""
    accounts = _accounts(context).all()
    report = [_shown(account) | {"created": account.created} for account in accounts]
    width = max((len(account.name) for account in accounts), default=0)
    lines = [
        f"{entry['name']:<{width}}  {entry['created']}  {', '.join(entry['scopes'])}  {entry['graph']}"
        for entry in report
    ]
    context.result(report, "\n".join(lines) or "There are no tokens.")


@command("token delete field-team", group=token)
@click.argument("name")
def delete(context: Context, name: str) -> None:
    """Take a token away; what was written with it stays."""
    _accounts(context).delete(name)
    context.result({"deleted": name}, f"The token of {name} is not known any more.")


def _accounts(context: Context) -> Accounts:
    repository = context.repository
    return Accounts(repository.folder, repository.model.base)


def _shown(account: Account) -> dict[str, Any]:
    return {"name": account.name, "scopes": sorted(account.scopes), "graph": account.graph}
