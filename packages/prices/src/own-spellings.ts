import { mergedNames } from "./merge.ts";
import { modelNamed } from "./model-named.ts";
import { PriceFileError } from "./price-file-reader.ts";
import type { PriceList } from "./price-list.ts";

/**
 * A user's list with the models that its names lead to, by whichever spelling they are named.
 *
 * @throws {PriceFileError} where it prices what is only a spelling of a model: that would become a model of its own,
 *   without other prices.
 */
export function withKnownModels(own: PriceList, shipped: readonly PriceList[]): PriceList {
  const names = mergedNames(shipped);
  const exact = names.filter(({ kind }) => kind === "exact");
  const listed = modelsOf(shipped);
  const problems = own.quotes.flatMap(({ provider, model }, index) => {
    const known = listed.has(`${provider} ${model}`) ? model : modelNamed(exact, provider, model);
    return known === undefined || known === model
      ? []
      : [`prices[${index}].model: ${model} is a spelling of ${known}; write ${known}`];
  });
  if (problems.length > 0) throw new PriceFileError(own.description, problems);
  const models = new Set([...listed, ...modelsOf([own])]);
  return {
    ...own,
    names: own.names.map((name) =>
      models.has(`${name.provider} ${name.model}`)
        ? name
        : { ...name, model: modelNamed(names, name.provider, name.model) ?? name.model },
    ),
  };
}

const modelsOf = (lists: readonly PriceList[]): Set<string> =>
  new Set(lists.flatMap(({ quotes }) => quotes).map(({ provider, model }) => `${provider} ${model}`));
