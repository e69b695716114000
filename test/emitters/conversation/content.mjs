// Everything here is content: it holds the word that no recording may hold.
export const word = "kumquat";
export const greeting = `Greet the ${word}.`;
export const question = `What does a ${word} cost today?`;
export const riddle = `Think about the ${word}.`;
/** The provider wants this handed to the specialist. */
export const errand = `Ask the specialist about the ${word}.`;
/** The provider answers this with an object. */
export const form = `Fill in the form of the ${word}.`;
/** Answered by a call of that tool of a coding assistant's own. */
export const chore = (tool) => `Use ${tool} for the ${word}.`;
/** The provider refuses to answer this. */
export const forbidden = `Forbidden ${word}.`;
/** 1,500 tokens as the double counts them: long enough for the prompt caches. */
export const handbook = `You sell ${word}s. `.repeat(334);

/** The tool that every conversation offers. */
export const priceTool = {
  name: "look_up_price",
  description: `Price of a fruit, such as the ${word}`,
  schema: {
    type: "object",
    properties: { fruit: { type: "string" } },
    required: ["fruit"],
    additionalProperties: false,
  },
  run: ({ fruit }) => `A ${fruit} costs 3.`,
};
