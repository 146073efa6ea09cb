"""Serves moto with its interpreter of state machines switched on: a second Step Functions for statemachine/.

    AWS_ENDPOINT_URL_LAMBDA=http://127.0.0.1:4599 python3 moto_step_functions.py --port 5005

What moto 5.2 lacks is added here from outside; neither moto nor the state machine is changed:

- JSONata runs in Node's `jsonata`: moto has left its own bridge, into a Java library, unfinished.
- Lambda is invoked at AWS_ENDPOINT_URL_LAMBDA: moto would look for the functions in itself.
- `InvocationType` reaches Lambda: moto drops that parameter, and so would wait for each link to return.
- A state machine may be executed more than once: moto copies it with the threads of its earlier executions.
- A token is good for heartbeats once it is given out: moto says `InvalidToken` until Lambda has answered the invocation,
  and a link that starts within that time would take its execution for stopped.
"""

import copy
import json
import os
import subprocess
import threading
import types
from pathlib import Path

import boto3
from botocore.config import Config
from moto import server
from moto.core.config import default_user_config
from moto.stepfunctions.parser import models
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_lambda
from moto.stepfunctions.parser.asl.eval.callback.callback import CallbackEndpoint
from moto.stepfunctions.parser.asl.jsonata import jsonata


class NodeJsonata:
    """A Node process that evaluates one expression at a time; the interpreter's threads share it."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._node = subprocess.Popen(
            ["node", str(Path(__file__).with_name("evaluate-jsonata.mjs"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def evaluate(self, expression: str):
        with self._turn:
            self._node.stdin.write(json.dumps(expression) + "\n")
            self._node.stdin.flush()
            answer = json.loads(self._node.stdout.readline())
        if "error" in answer:
            raise jsonata.JSONataException("UNKNOWN", answer["error"])
        return answer["result"]


def lambda_client(region: str, service: str, state_credentials=None):
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=os.environ["AWS_ENDPOINT_URL_LAMBDA"],
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(retries={"total_max_attempts": 1}, read_timeout=900),
    )


def notify_heartbeat(self) -> bool:
    if self._heartbeat_endpoint:
        self._heartbeat_endpoint.notify()
    return True


if __name__ == "__main__":
    if "AWS_ENDPOINT_URL_LAMBDA" not in os.environ:
        raise SystemExit("Expected AWS_ENDPOINT_URL_LAMBDA to say where the functions are, got nothing: set it.")
    default_user_config["stepfunctions"]["execute_state_machine"] = True
    jsonata._eval_jsonata = NodeJsonata().evaluate
    lambda_eval_utils.boto_client_for = lambda_client
    state_task_service_lambda._SUPPORTED_API_PARAM_BINDINGS["invoke"].add("InvocationType")
    CallbackEndpoint.notify_heartbeat = notify_heartbeat
    models.copy = types.SimpleNamespace(deepcopy=copy.copy)
    server.main()
