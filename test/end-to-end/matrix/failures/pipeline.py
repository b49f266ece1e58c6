from kfp import dsl, kubernetes


@dsl.component(base_image='matrix/python', install_kfp_package=False)
def fail():
    raise ValueError('the sea is rough')


@dsl.component(base_image='matrix/python', install_kfp_package=False)
def wait():
    import time
    time.sleep(60)


@dsl.pipeline(name='failures')
def main():
    fail().set_retry(num_retries=1, backoff_duration='1s')
    kubernetes.set_timeout(wait(), 3)
