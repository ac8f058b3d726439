"""What Doorward does: endpoints of the node that is asked and of another one, and commands."""
from changes import ACCESS, SESSION, SLIDING, TOKEN, change
from people import PASSWORD

HERE, THERE, COMMAND = "an endpoint of this node", "an endpoint of another node", "a command"


def on_both(kind, *asks):
    """Registers what takes a door's port: on the node that is asked, whose own writes it sees at once, and on another."""

    def register(make):
        change(kind, HERE, *asks, own=True)(lambda do, who: make(do, do.ports[0], who))
        change(kind, THERE, *asks)(lambda do, who: make(do, do.ports[-1], who))
        return make

    return register


@on_both("all tokens taken back", TOKEN, ACCESS, SLIDING)
def revoke_all(do, port, who):
    do.post(port, "/api/token/revoke-all/", who.headers("session"), {})


@on_both("JWT blacklisted", SLIDING)
def blacklist(do, port, who):
    do.post(port, "/api/token/revoke/", who.headers("token"), {"token": who.sliding})


@on_both("password changed", SESSION, ACCESS, SLIDING)
def new_password(do, port, who):
    body = {"old_password": PASSWORD, "new_password": "looking-glass-43"}
    do.post(port, "/api/password/change/", who.headers("token"), body)


@on_both("logout", SESSION)
def log_out(do, port, who):
    do.post(port, "/api-auth/logout/", who.headers("session"), {})


@change("all tokens taken back", COMMAND, TOKEN, ACCESS, SLIDING, share=8)
def revoke(do, who):
    do.doorward("revoke", who.username)


@change("password changed", COMMAND, SESSION, ACCESS, share=8)
def change_password(do, who):
    do.doorward("changepassword", "--password-stdin", who.username, given="looking-glass-43\n")


@change("new token in place of the old", COMMAND, TOKEN, share=8)
def reset_token(do, who):
    do.doorward("drf_create_token", "--reset", who.username)
