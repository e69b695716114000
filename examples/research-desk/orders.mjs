// What the agents are told. Sizes matter: the handbook and the style guide are above the 4,096 tokens
// from which claude-opus-4-6 and claude-haiku-4-5 cache a prompt, the researcher's rules above the
// 1,024 from which OpenAI does.

export const orders = [
  {
    id: "order-1",
    customer: "acme",
    feature: "market-brief",
    text: "Acme wants a market brief on heat pumps, researched, edited and checked.",
  },
  {
    id: "order-2",
    customer: "globex",
    feature: "headline-check",
    text: "Globex wants the style of its press release checked, nothing else.",
  },
];

const numbered = (title, sentences, count) =>
  [title, ...Array.from({ length: count }, (_, index) => `${index + 1}. ${sentences[index % sentences.length]}`)].join(
    "\n",
  );

export const handbook = numbered(
  "Handbook of the research desk",
  [
    "Take one order at a time, and restate it in a sentence before any work is commissioned.",
    "Commission research only where the order asks for facts that are not already in the file.",
    "Never pass a customer's name to a researcher; the topic is all that they need to know.",
    "Have every draft edited, and its claims checked when the order says so, before it is delivered.",
    "Deliver in three sentences: what was asked, what was found, and what remains uncertain.",
  ],
  210,
);

export const styleGuide = numbered(
  "Style guide of the house",
  [
    "Put the news in the first sentence and the source of it in the second.",
    "A figure carries its unit, its date and the name of whoever measured it.",
    "Prefer the short word, the active verb and the present tense wherever they are true.",
    "A headline has at most nine words and promises nothing that the text does not hold.",
    "Quotations are exact; whatever was left out is marked, and nothing is added to them.",
  ],
  240,
);

export const researcherRules = numbered(
  "You research. Look up every subject in the library, then hand over to the writer.",
  [
    "Look up one subject at a time, unless two are plainly independent of each other.",
    "Note who measured a figure; a figure without a source is not a finding.",
    "Stop when the library repeats itself, and say what it did not hold.",
  ],
  64,
);
export const writerRules = "You write. Turn the findings into a brief of five sentences with a source for each figure.";

export const libraryPages = {
  "heat pump sales": "Sales rose by a tenth last year, says the trade association, after two years of decline.",
  "electricity prices":
    "Households paid a twentieth less for a kilowatt hour than the year before, says the regulator.",
  installers: "Nine thousand new installers were certified, most of them in the north, says the ministry.",
};

export const globexDraft =
  "Globex opens a second plant next spring. The plant will employ four hundred people, the company says. ".repeat(6);

export const claims = [
  "Sales of heat pumps rose by a tenth last year.",
  "A kilowatt hour cost households a twentieth less.",
  "Nine thousand new installers were certified.",
  "Most of the new installers work in the north.",
];
