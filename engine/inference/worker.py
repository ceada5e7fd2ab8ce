"""The sealed chat worker: one model, many requests at once.

A thread takes messages from the pipe while the main thread steps: the scheduler decides, llama computes, the scheduler
accounts, and one message goes back. Between two steps the messages that have come in are obeyed; with nothing to do it
sleeps on them. Closing the pipe ends the process at once, in the middle of a step too.
Writes nothing to disk. What goes wrong with one request is that request's last word; the others go on.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from pathlib import Path
from typing import Any

from engine.errors import ModelUnsupported, StrongroomError, Unexpected
from engine.inference.answer import Answer
from engine.inference.chat_template import ChatTemplate, TemplateFailed
from engine.inference.choices import Choices
from engine.inference.context import Context, DecodeFailed, Entry
from engine.inference.llama import system_info, taken_buffers
from engine.inference.model import Model
from engine.inference.pace import Pace
from engine.inference.prompt_tokens import ControlMarkup, prompt_tokens
from engine.inference.protocol import (
    Counted,
    CountTokens,
    End,
    Generate,
    Growth,
    Load,
    LoadFailed,
    Progress,
    Ready,
    Refusal,
    SetThreads,
    Step,
    Stop,
    ToChat,
)
from engine.inference.sampling import Sampler, Sampling
from engine.inference.scheduler import Part, Sampled, Scheduler
from engine.inference.slots import Copy, Slots
from engine.inference.text_stream import TextStream
from engine.records import Seal
from engine.wire import Channel, Start, WireBroken

MOST_UNCUTTABLE_SLOTS = 4  # a recurrent state for each takes memory whether it is used or not
WIRE_BROKE = 4


def main(channel: Channel[Any], start: Start, seal: Seal) -> int:
    """Load the model that the first message names, then serve until the pipe closes. Returns the exit code."""
    pipe: Channel[ToChat] = channel.expecting(ToChat)
    load = pipe.receive()
    if not isinstance(load, Load):
        return 0 if load is None else WIRE_BROKE
    try:
        worker = ChatWorker(pipe, load)
    except StrongroomError as error:
        pipe.send(LoadFailed(error.kind, error.facts))
        return 0
    worker.serve()
    return 0


class ChatWorker:
    """The model with its cache, and the answers on their way."""

    def __init__(self, pipe: Channel[ToChat], load: Load) -> None:
        """Load the model and tell the program that it is ready. Raises ModelError."""
        began = time.monotonic()
        self._pipe = pipe
        self._inbox: queue.SimpleQueue[ToChat] = queue.SimpleQueue()
        self._answers: dict[str, Answer] = {}
        self._pace = Pace(load.n_ubatch)
        self._model = Model(Path(load.path))
        if not self._model.can_generate:
            raise ModelUnsupported(self._model.file.name, "architecture", "it reads texts and writes none")
        self._vocabulary = self._model.vocabulary
        self._markup = ControlMarkup(self._vocabulary.written_specials())
        self._template = self._own_template()
        n_slots = min(load.n_slots, MOST_UNCUTTABLE_SLOTS) if self._model.keeps_uncuttable_state else load.n_slots
        self._n_ctx = min(load.n_ctx or self._model.n_ctx_train, self._model.n_ctx_train)
        self._context = Context(self._model, n_ctx=self._n_ctx, n_slots=n_slots, n_ubatch=load.n_ubatch, n_threads=load.n_threads)
        self._scheduler = self._empty_scheduler(n_slots)
        self._n_slots = n_slots
        self._warm_up()
        pipe.send(self._ready(load, time.monotonic() - began))

    # ------------------------------------------------------------ the loop
    def serve(self) -> None:
        """Obey and step until the pipe closes."""
        threading.Thread(target=self._take_messages, daemon=True, name="inbox").start()
        while True:
            for message in self._messages():
                self._obey(message)
            if not self._scheduler.is_idle:
                self._step()

    def _take_messages(self) -> None:
        """The reading thread. Nobody waits for this worker once the pipe is closed, so nothing is left to be tidied."""
        try:
            while (message := self._pipe.receive()) is not None:
                self._inbox.put(message)
            os._exit(0)
        except (WireBroken, OSError):
            os._exit(WIRE_BROKE)

    def _messages(self) -> list[ToChat]:
        """What has come in; waits for something if there is nothing to compute."""
        messages = [self._inbox.get()] if self._scheduler.is_idle else []
        try:
            while True:
                messages.append(self._inbox.get_nowait())
        except queue.Empty:
            return messages

    def _obey(self, message: ToChat) -> None:
        match message:
            case Generate():
                self._begin(message)
            case Stop(request):
                self._stop(request)
            case SetThreads(n_threads):
                self._context.set_threads(n_threads)
            case CountTokens(request, texts):
                self._pipe.send(Counted(request, [len(self._tokens(text)) for text in texts]))

    # ------------------------------------------------------------ wishes
    def _begin(self, wish: Generate) -> None:
        try:
            prompt = self._prompt(wish)
            sequence = self._scheduler.submit(wish.request, prompt, wish.max_tokens, wish.priority)
        except StrongroomError as error:
            self._pipe.send(Step(refused=[Refusal(wish.request, error.kind, error.facts)]))
            return
        sampling = Sampling(wish.temperature, wish.top_p, wish.top_k, wish.seed, wish.repeat_penalty, wish.breaks_loops)
        self._answers[wish.request] = Answer(
            sequence, Sampler(self._vocabulary, sampling), TextStream(wish.stop), time.monotonic(), self._choices(wish)
        )

    def _choices(self, wish: Generate) -> Choices | None:
        if not wish.choices or self._vocabulary.end is None:
            return None
        first = [self._tokens(text) for text in wish.choices]
        later = [self._tokens(f"\n\n{text}") for text in wish.choices]
        return Choices(first, later, end=self._vocabulary.end, most=wish.most_choices)

    def _prompt(self, wish: Generate) -> list[int]:
        try:
            rendered = self._template.render(wish.messages)
        except TemplateFailed as problem:
            raise ModelUnsupported(self._model.file.name, "bad_chat_template", str(problem)) from None
        tokens = prompt_tokens(
            rendered, self._markup, lambda text: self._vocabulary.tokenise(text, add_special=False, parse_special=True)
        )
        begin = self._vocabulary.begin
        if self._vocabulary.adds_begin and begin is not None and tokens[:1] != [begin]:
            tokens.insert(0, begin)
        return tokens

    def _stop(self, request: str) -> None:
        answer = self._answers.get(request)
        if answer is not None:
            text = answer.text.finish()
            end = self._last_word(answer, "cancelled")
            self._pipe.send(Step(grew=[Growth(request, text)] if text else [], ended=[end]))

    def _tokens(self, text: str) -> list[int]:
        return self._vocabulary.tokenise(text, add_special=False, parse_special=False)

    # ------------------------------------------------------------ a step
    def _step(self) -> None:
        for edit in self._scheduler.admit():
            if isinstance(edit, Copy):
                self._context.copy(edit.source, edit.target, edit.length)
            elif not self._context.cut(edit.slot, edit.start):
                self._scheduler.start_anew(edit.slot)
        parts = self._scheduler.plan(self._pace.alone, self._pace.beside)
        if not parts:
            return
        began = time.monotonic()
        for part in parts:
            answer = self._answers[part.sequence.request]
            answer.began_at = answer.began_at or began
        try:
            places = self._context.decode(Entry(part.slot, part.start, part.tokens, part.wants_token) for part in parts)
        except DecodeFailed as failure:
            self._give_up(failure)
            return
        wanting = [part for part in parts if part.wants_token]
        tokens = [self._sample(part, place) for part, place in zip(wanting, places, strict=True)]
        now = time.monotonic()
        self._pace.learn(sum(len(part.tokens) for part in parts if len(part.tokens) > 1), now - began)
        self._tell(parts, self._scheduler.account(parts, tokens), now)

    def _sample(self, part: Part, place: int) -> int:
        answer = self._answers[part.sequence.request]
        if answer.choices is None:
            return answer.sampler.sample(self._context, place)
        token = self._context.likeliest(place, answer.choices.allowed())
        answer.choices.take(token)
        return token

    def _tell(self, parts: list[Part], outcome: list[Sampled], now: float) -> None:
        progress: list[Progress] = []
        grew: list[Growth] = []
        ended: list[End] = []
        for part in parts:
            if part.start < len(part.sequence.prompt):
                progress.append(self._answers[part.sequence.request].progress())
        for sampled in outcome:
            answer = self._answers[sampled.sequence.request]
            answer.took_token(now)
            text, end = self._grow(answer, sampled)
            if text:
                grew.append(Growth(answer.request, text))
            if end is not None:
                ended.append(end)
        if progress or grew or ended:
            self._pipe.send(Step(progress, grew, ended))

    def _grow(self, answer: Answer, sampled: Sampled) -> tuple[str, End | None]:
        text = "" if sampled.is_end else answer.text.feed(self._vocabulary.piece(sampled.token))
        if answer.text.stopped:
            return text, self._last_word(answer, "stop_word")
        if sampled.stop_reason is None:
            return text, None
        text += answer.text.finish()
        reason = "stop_word" if answer.text.stopped else sampled.stop_reason
        return text, self._last_word(answer, reason)

    def _last_word(self, answer: Answer, reason: Any) -> End:
        self._forget(answer)
        return answer.end(reason, time.monotonic())

    def _forget(self, answer: Answer) -> None:
        self._scheduler.remove(answer.sequence)
        del self._answers[answer.request]
        answer.close()

    def _give_up(self, failure: DecodeFailed) -> None:
        """llama.cpp failed in the middle: what is in the cache is unknown, so every open request ends here."""
        error = Unexpected("llama_decode", f"code {failure.code}")
        refused = [Refusal(request, error.kind, error.facts) for request in self._answers]
        for answer in list(self._answers.values()):
            self._forget(answer)
        self._context.forget_everything()
        self._scheduler = self._empty_scheduler(self._n_slots)
        self._pipe.send(Step(refused=refused))

    # ------------------------------------------------------------ getting ready
    def _own_template(self) -> ChatTemplate:
        source, name = self._model.chat_template, self._model.file.name
        if not source:
            raise ModelUnsupported(name, "no_chat_template")
        bos, eos = (self._written(token) for token in (self._vocabulary.begin, self._vocabulary.end))
        try:
            return ChatTemplate(source, self._markup.disarmed, bos=bos, eos=eos)
        except TemplateFailed as problem:
            raise ModelUnsupported(name, "bad_chat_template", str(problem)) from None

    def _written(self, token: int | None) -> str:
        return "" if token is None else self._vocabulary.piece(token, special=True).decode("utf-8", "replace")

    def _empty_scheduler(self, n_slots: int) -> Scheduler:
        slots = Slots(n_slots, self._context.n_ctx, can_cut=not self._model.keeps_uncuttable_state)
        return Scheduler(slots, self._n_ctx, self._vocabulary.is_end)

    def _warm_up(self) -> None:
        """Touch every weight once, so that the first question does not wait for the disk."""
        self._context.decode([Entry(0, 0, [self._vocabulary.begin or 0], True)])
        self._context.forget_everything()

    def _ready(self, load: Load, seconds: float) -> Ready:
        model, allocated = self._model, taken_buffers()
        return Ready(
            name=model.meta("general.name") or model.file.stem,
            architecture=model.meta("general.architecture") or "",
            quantisation=model.quantisation,
            n_params=model.n_params,
            n_ctx=self._n_ctx,
            n_ctx_train=model.n_ctx_train,
            n_embd=model.n_embd,
            n_slots=self._n_slots,
            n_threads=load.n_threads,
            memory=model.n_bytes + allocated.besides_weights,
            load_s=seconds,
            has_chat_template=True,
            keeps_uncuttable_state=model.keeps_uncuttable_state,
            system=system_info(),
            weights=model.n_bytes,
            copied=max(allocated.weights - model.n_bytes, 0),
        )
