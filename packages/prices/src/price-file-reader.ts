/** Thrown for a price file that can't be used; nothing of it is applied. */
export class PriceFileError extends Error {
  override readonly name = "PriceFileError";
  readonly file: string;
  /** One line per fault: where it is and what is wrong. */
  readonly problems: readonly string[];

  constructor(file: string, problems: readonly string[]) {
    super(
      `${file}: no price of this file is used until this is mended:\n${problems.map((one) => `  ${one}`).join("\n")}`,
    );
    this.file = file;
    this.problems = problems;
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads the fields of one JSON object, noting every fault under the object's place in the file. */
export class ObjectReader {
  readonly #fields: Fields;
  readonly #place: string;
  readonly #problems: string[];

  constructor(value: unknown, place: string, problems: string[], known: readonly string[]) {
    this.#place = place;
    this.#problems = problems;
    this.#fields = isObject(value) ? value : {};
    if (!isObject(value)) problems.push(`${place || "the file"}: must be an object`);
    for (const field of Object.keys(this.#fields)) {
      if (!known.includes(field)) this.fault(field, `is not a field here; the fields are ${known.join(", ")}`);
    }
  }

  fault(field: string, what: string): void {
    this.#problems.push(`${this.at(field)}: ${what}`);
  }

  at(field: string): string {
    return this.#place ? `${this.#place}.${field}` : field;
  }

  has(field: string): boolean {
    return this.#fields[field] !== undefined;
  }

  raw(field: string): unknown {
    return this.#fields[field];
  }

  text(field: string, otherwise?: string): string {
    const value = this.#fields[field] ?? otherwise;
    if (typeof value === "string" && (value !== "" || otherwise === "")) return value;
    this.fault(field, value === undefined ? "is missing" : "must be a text that is not empty");
    return "";
  }

  texts(field: string, optional: boolean = false): string[] {
    const value = this.#fields[field];
    if (optional && value === undefined) return [];
    if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "string" && one !== "")) {
      return value as string[];
    }
    this.fault(field, "must be a list of texts, at least one");
    return [];
  }

  date(field: string, otherwise?: string): string {
    const value = this.#fields[field] ?? otherwise;
    if (typeof value === "string" && isDay(value)) return value;
    this.fault(
      field,
      value === undefined ? "is missing" : "must be a day written YYYY-MM-DD, 1970-01-01 to 2105-12-31",
    );
    return "1970-01-01";
  }

  count(field: string): number | undefined {
    const value = this.#fields[field];
    if (value === undefined || (typeof value === "number" && Number.isSafeInteger(value) && value > 0)) return value;
    this.fault(field, "must be a whole number above 0");
    return undefined;
  }

  /** The entries of a list of objects, each with its place. */
  entries(field: string): { value: unknown; place: string }[] {
    const value = this.#fields[field] ?? [];
    if (Array.isArray(value))
      return value.map((one: unknown, index) => ({ value: one, place: `${this.at(field)}[${index}]` }));
    this.fault(field, "must be a list");
    return [];
  }

  /** The members of an object of anything. */
  members(field: string): [string, unknown][] {
    const value = this.#fields[field] ?? {};
    if (isObject(value)) return Object.entries(value);
    this.fault(field, "must be an object");
    return [];
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  const valid = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
  return valid && text >= "1970-01-01" && text <= "2105-12-31";
}
