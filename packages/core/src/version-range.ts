/**
 * Whether a version is in a range such as `>=4.19.0 <8`, the only form that adapters use. A
 * prerelease is in none: it may differ from the release that carries its number.
 */
export function isWithin(version: string | undefined, range: string): boolean {
  const numbers = parse(version?.replace(/\+.*/, "") ?? "");
  if (!numbers) return false;
  return range.split(" ").every((bound) => {
    const [, operator, text = ""] = /^(>=|<)(.+)$/.exec(bound) ?? [];
    const limit = parse(text);
    if (!limit) throw new Error(`The version range "${range}" is not of the form ">=1.2.3 <4".`);
    return operator === "<" ? compare(numbers, limit) < 0 : compare(numbers, limit) >= 0;
  });
}

const parse = (text: string): number[] | undefined =>
  /^\d+(\.\d+){0,2}$/.test(text) ? text.split(".").map(Number) : undefined;

const compare = (left: readonly number[], right: readonly number[]): number => {
  const differing = [0, 1, 2].find((index) => (left[index] ?? 0) !== (right[index] ?? 0));
  return differing === undefined ? 0 : (left[differing] ?? 0) - (right[differing] ?? 0);
};
