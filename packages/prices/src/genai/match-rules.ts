import type { MatchLogic } from "@pydantic/genai-prices";
import { writtenOut } from "./provider-names.ts";

/** A spelling that a matching rule accepts. */
interface Spelling {
  readonly kind: "exact" | "prefix";
  /** Lower case. */
  readonly name: string;
}

/** A rule as spellings, and where the two are not the same thing, how they differ. */
export interface CompiledRule {
  readonly spellings: readonly Spelling[];
  /** Rules that accept more or less than their spellings, or that could not be compiled. */
  readonly inexact: readonly string[];
}

/** Turns a matching rule of genai-prices into exact names and prefixes. */
export function compileRule(rule: MatchLogic, providerId: string): CompiledRule {
  if ("or" in rule) return joined(rule.or.map((part) => compileRule(part, providerId)));
  if ("equals" in rule) return exactly([spelling("exact", rule.equals)]);
  if ("starts_with" in rule) return exactly([spelling("prefix", rule.starts_with)]);
  if ("regex" in rule) return compileRegex(rule.regex);
  if ("ends_with" in rule) {
    return narrowed("exact", writtenOut(providerId, rule.ends_with), `ends with ${rule.ends_with}`);
  }
  if ("contains" in rule) {
    return narrowed("prefix", writtenOut(providerId, rule.contains), `contains ${rule.contains}`);
  }
  return compileAll(rule.and, providerId);
}

/** Of several conditions the ones that are spellings stand; the rest only narrow them. */
function compileAll(conditions: readonly MatchLogic[], providerId: string): CompiledRule {
  const named = conditions.filter((condition) => !("regex" in condition));
  const { spellings, inexact } = joined(named.map((condition) => compileRule(condition, providerId)));
  return { spellings, inexact: [...inexact, `and ${JSON.stringify(conditions)}`] };
}

const dateTail = /\\d\{8\}\$$|\\d\{4\}-\\d\{2\}-\\d\{2\}\$$/;
const digitTail = /\\d$/;
const literal = /^(?:[\w/-]|\\[.[\]])*(?:=\w+)?(?:\\\])?$/;

/** Compiles `^literal$`, and `^literal` before a date or a digit. */
function compileRegex(source: string): CompiledRule {
  const body = source.startsWith("^") ? source.slice(1) : undefined;
  const dated = body !== undefined && dateTail.test(body);
  const numbered = body !== undefined && !dated && digitTail.test(body);
  const head = body?.replace(dateTail, "").replace(numbered ? digitTail : /\$$/, "");
  const complete = dated || numbered || source.endsWith("$");
  if (head === undefined || !complete || !literal.test(head)) return { spellings: [], inexact: [`regex ${source}`] };
  const name = head.replace(/\\(.)/g, "$1");
  if (dated) return exactly([spelling("prefix", `${name}20`)]);
  if (numbered) return exactly([...Array(10).keys()].map((digit) => spelling("prefix", name + String(digit))));
  return exactly([spelling("exact", name)]);
}

const spelling = (kind: Spelling["kind"], name: string): Spelling => ({ kind, name: name.toLowerCase() });

const exactly = (spellings: readonly Spelling[]): CompiledRule => ({ spellings, inexact: [] });

const narrowed = (kind: Spelling["kind"], names: readonly string[], rule: string): CompiledRule => ({
  spellings: names.map((name) => spelling(kind, name)),
  inexact: [rule],
});

function joined(rules: readonly CompiledRule[]): CompiledRule {
  return {
    spellings: rules.flatMap(({ spellings }) => spellings),
    inexact: rules.flatMap(({ inexact }) => inexact),
  };
}
