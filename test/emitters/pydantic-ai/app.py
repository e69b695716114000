import asyncio
import os

os.environ["OTEL_METRICS_EXPORTER"] = os.environ["OTEL_LOGS_EXPORTER"] = "none"

import logfire
from pydantic_ai import Agent, Embedder
from pydantic_ai.exceptions import ModelHTTPError
from pydantic_ai.models.anthropic import AnthropicModel, AnthropicModelSettings
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel

# The words of conversation/content.mjs.
word = "kumquat"
greeting = f"Greet the {word}."
question = f"What does a {word} cost today?"
riddle = f"Think about the {word}."
errand = f"Ask the specialist about the {word}."
forbidden = f"Forbidden {word}."
handbook = f"You sell {word}s. " * 334

logfire.configure(send_to_logfire=False, console=False, metrics=False)
logfire.instrument_pydantic_ai()

gpt = OpenAIChatModel("gpt-5.4")
claude = AnthropicModel("claude-sonnet-4-6")
cached_for = lambda ttl: AnthropicModelSettings(anthropic_cache_instructions=ttl)


def look_up_price(fruit: str) -> str:
    return f"A {fruit} costs 3."


async def stream(agent: Agent, prompt: str) -> None:
    async with agent.run_stream(prompt) as run:
        async for _ in run.stream_text():
            pass


async def converse() -> None:
    seller = Agent(gpt, name="seller", instructions=handbook, tools=[look_up_price])
    await seller.run(question)
    await Agent(OpenAIResponsesModel("gpt-5.4"), name="clerk", tools=[look_up_price]).run(question)
    for ttl in ("5m", "1h"):
        nurse = Agent(claude, name="nurse", instructions=f"{ttl} {handbook}", model_settings=cached_for(ttl))
        await nurse.run(greeting)
        await nurse.run(greeting)
    await stream(Agent(claude, name="thinker"), riddle)
    await stream(Agent(gpt, name="thinker"), riddle)

    desk = Agent(gpt, name="desk")
    expert = Agent(gpt, name="specialist", tools=[look_up_price])

    @desk.tool_plain
    async def specialist(input: str) -> str:
        return (await expert.run(input)).output

    await desk.run(errand)
    await Embedder("openai:text-embedding-3-small", instrument=True).embed_query(greeting)
    try:
        await Agent(gpt, name="greeter").run(forbidden)
    except ModelHTTPError as error:
        assert error.status_code == 400, error
    else:
        raise AssertionError("the provider was to refuse")


asyncio.run(converse())
logfire.shutdown()
