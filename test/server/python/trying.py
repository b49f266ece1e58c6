"""Tries functions one after the other, and prints what became of each as JSON."""
import json
import sys
import traceback

# KFP's client prints links.
out, sys.stdout = sys.stdout, sys.stderr


def refused(status, code, call, *args, **kwargs):
    """Calls what is to be refused by the server, in KFP's form of errors."""
    import kfp_server_api
    try:
        call(*args, **kwargs)
    except kfp_server_api.ApiException as error:
        body = json.loads(error.body)
        assert error.status == status and body['code'] == code, error
        assert body['message'] and body['error'] == body['message'] and body['details'], body
        return body['message']
    raise AssertionError(f'{call.__name__} was taken')


def raises(kind, words, call, *args, **kwargs):
    """Calls what the client itself refuses."""
    try:
        call(*args, **kwargs)
    except kind as error:
        assert words in str(error), error
        return
    raise AssertionError(f'{call.__name__} was taken')


def try_all(functions, more):
    tried = {}
    for name, function in functions.items():
        try:
            function()
            tried[name] = 'ok'
        except BaseException:
            tried[name] = traceback.format_exc()
    print(json.dumps({'tried': tried, **more}), file=out)
