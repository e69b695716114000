import { createHash } from "node:crypto";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Content, ContentMessage } from "../adapter.ts";
import { names } from "../attributes.ts";
import { forgetSettings } from "../config.ts";
import { forgetFingerprintKey } from "./fingerprint-key.ts";
import { forgetTexts, measuredText } from "./measured-text.ts";
import { promptAttributes } from "./prompt-attributes.ts";
import { answerParts, promptParts } from "./prompt-parts.ts";

beforeAll(() => useKey("one"));
beforeEach(forgetTexts);

function useKey(phrase: string): void {
  vi.stubEnv("TOKENLEDGER_FINGERPRINT_KEY", phrase);
  forgetSettings();
  forgetFingerprintKey();
}

const said = (role: string, content: string): ContentMessage => ({ role, parts: [{ type: "text", content }] });
const attributesOf = (prompt: Content, answer: Content = {}): Record<string, string> =>
  promptAttributes(promptParts(prompt), answerParts(answer)) as Record<string, string>;
const unpacked = (attribute: string | undefined): string[] =>
  Buffer.from(attribute ?? "", "base64")
    .toString("hex")
    .match(/.{16}/g) ?? [];
const prefixes = (attributes: Record<string, string>): string[] => unpacked(attributes[names.promptPrefixFingerprints]);

/** A text in which every word is told apart by a number. */
const story = (seed: number, words: number): string =>
  Array.from({ length: words }, (_, index) => `word${seed}x${index}`).join(" ");

describe("the pieces of a prompt", () => {
  const prompt: Content = {
    toolDefinitions: [{ type: "function", name: "weather", parameters: { type: "object" } }],
    systemInstructions: [{ type: "text", content: "Be brief." }],
    inputMessages: [
      said("user", "Is it warm in Oslo?"),
      { role: "assistant", parts: [{ type: "tool_call", id: "a", name: "weather", arguments: { city: "Oslo" } }] },
      { role: "tool", parts: [{ type: "tool_call_response", id: "a", response: '{"celsius":11}' }] },
      {
        role: "user",
        parts: [
          { type: "blob", modality: "image", content: "AAAA".repeat(9_000) },
          { type: "document", source: { data: "Oslo lies on a fjord." } },
          { type: "text", content: "And in words?" },
        ],
      },
    ],
  };

  it("stand in the order in which a provider caches them, with the tools' names", () => {
    const attributes = attributesOf(prompt);
    expect(attributes[names.promptSegmentKinds]).toBe("dsuarmcu");
    expect(attributes[names.promptToolNames]).toBe('["weather","weather"]');
    expect(attributes[names.promptSegmentTokens]?.split(",")).toHaveLength(8);
    expect(attributes[names.promptSegmentTokens]?.split(",")[5]).toBe("1100");
    expect(unpacked(attributes[names.promptSegmentFingerprints])).toHaveLength(8);
    expect(new Set(prefixes(attributes)).size).toBe(8);
  });

  it("have one fingerprint wherever they stand, and another prefix", () => {
    const alone = attributesOf({ inputMessages: [said("user", "And in words?")] });
    const [fingerprint = ""] = unpacked(alone[names.promptSegmentFingerprints]);
    const inside = attributesOf(prompt);
    expect(unpacked(inside[names.promptSegmentFingerprints]).at(-1)).toBe(fingerprint);
    expect(prefixes(inside)).not.toContain(prefixes(alone)[0]);
  });

  it("are told apart from an answer, whose pieces match the next turn's", () => {
    const answer = attributesOf(prompt, { outputMessages: [said("assistant", "Eleven degrees.")] });
    const next = attributesOf({
      inputMessages: [...(prompt.inputMessages ?? []), said("assistant", "Eleven degrees.")],
    });
    expect(unpacked(answer[names.answerFingerprints])).toEqual([
      unpacked(next[names.promptSegmentFingerprints]).at(-1) ?? "none",
    ]);
  });
});

describe("a conversation", () => {
  const turns = (count: number): ContentMessage[] =>
    Array.from({ length: count }, (_, turn) => [
      said("user", `question ${turn} of the conversation`),
      said("assistant", `answer ${turn} in some words`),
    ]).flat();

  it("keeps, in every turn, the boundary at which the turn before ended", () => {
    const ofTurns = Array.from({ length: 150 }, (_, turn) =>
      prefixes(attributesOf({ inputMessages: turns(turn + 1) })),
    );
    const lost = ofTurns.slice(1).filter((now, turn) => !now.includes(ofTurns[turn]?.at(-1) ?? "none"));
    expect(lost).toEqual([]);
  });

  it("takes a bounded record at 500 turns, whose sizes still sum to the whole", () => {
    const attributes = attributesOf({ inputMessages: turns(500) });
    const sizes = (attributes[names.promptSegmentTokens] ?? "").split(",").map(Number);
    expect(Buffer.byteLength(Object.values(attributes).join(""))).toBeLessThan(6_000);
    const whole = turns(500)
      .flatMap(({ parts }) => parts)
      .reduce((sum, { content }) => sum + measuredText(String(content)).tokens, 0);
    expect(Math.abs(sizes.reduce((sum, size) => sum + size, 0) - whole) / whole).toBeLessThan(0.05);
  });

  it("shows an edit of its history at the place of the edit", () => {
    const messages = turns(10);
    const edited = messages.with(4, said("user", "something else"));
    const [one, other] = [
      prefixes(attributesOf({ inputMessages: messages })),
      prefixes(attributesOf({ inputMessages: edited })),
    ];
    expect(one.findIndex((prefix, index) => prefix !== other[index])).toBe(4);
    expect(one.slice(4).some((prefix) => other.includes(prefix))).toBe(false);
  });

  it("costs nothing again for messages that were made anew from the same texts", () => {
    const first = measuredText(story(1, 400));
    expect(measuredText(story(1, 400))).toBe(first);
  });
});

describe("text found again", () => {
  it("has the same chunks under another template", () => {
    const report = story(7, 600);
    const written = unpacked(attributesOf({}, { outputMessages: [said("assistant", report)] })[names.answerChunks]);
    const handed = unpacked(
      attributesOf({ inputMessages: [said("user", `Review what the writer made:\n<draft>\n${report}\n</draft>`)] })[
        names.promptChunks
      ],
    );
    const unrelated = unpacked(attributesOf({ inputMessages: [said("user", story(8, 600))] })[names.promptChunks]);
    expect(written.filter((chunk) => handed.includes(chunk)).length / written.length).toBeGreaterThan(0.8);
    expect(written.filter((chunk) => unrelated.includes(chunk))).toEqual([]);
  });

  it("differs in few bits of its SimHash where few words differ", () => {
    const bits = (text: string): bigint =>
      Buffer.from(
        attributesOf({ inputMessages: [said("user", text)] })[names.promptSimHash] ?? "",
        "base64",
      ).readBigUInt64LE();
    const distance = (one: bigint, other: bigint): number => (one ^ other).toString(2).replaceAll("0", "").length;
    const text = story(3, 90);
    const edits = Array.from({ length: 20 }, (_, word) => bits(text.replace(`word3x${word * 4} `, "changed ")));
    const total = edits.reduce((sum, edited) => sum + distance(bits(text), edited), 0);
    expect(total / edits.length).toBeLessThanOrEqual(6);
    expect(distance(bits(text), bits(story(4, 90)))).toBeGreaterThan(16);
  });

  it("is measured where it was looked up and the answer repeats it", () => {
    const document = { type: "document", content: story(5, 40) };
    const used = (answer: string): unknown =>
      attributesOf(
        { inputMessages: [{ role: "user", parts: [document] }] },
        { outputMessages: [said("assistant", answer)] },
      )[names.promptRetrievalUsed];
    expect(used(story(6, 40))).toBe(0);
    expect(used(story(5, 40))).toBeGreaterThan(80);
  });
});

describe("whoever has the record but not the key", () => {
  const phrases = Array.from({ length: 2_000 }, (_, index) => `the password of account ${index} is here`);

  it("recognises no text, whole, in chunks or by likeness", () => {
    const record = attributesOf({ inputMessages: phrases.slice(0, 50).map((phrase) => said("user", phrase)) });
    const known = new Set(Object.values(record).flatMap((value) => unpacked(value)));
    const guesses = phrases.map((phrase) => createHash("sha256").update(phrase).digest("hex").slice(0, 16));
    expect(guesses.filter((guess) => known.has(guess))).toEqual([]);
    useKey("two");
    forgetTexts();
    const other = attributesOf({ inputMessages: phrases.slice(0, 50).map((phrase) => said("user", phrase)) });
    useKey("one");
    for (const name of [names.promptSegmentFingerprints, names.promptPrefixFingerprints, names.promptSimHash]) {
      expect(unpacked(other[name]).filter((one) => unpacked(record[name]).includes(one))).toEqual([]);
    }
  });

  it("finds no word of it", () => {
    const record = JSON.stringify(attributesOf({ inputMessages: [said("user", story(9, 300))] }));
    expect(record).not.toMatch(/word9/i);
  });
});
