#!/usr/bin/env node
import { CommanderError } from "commander";
import { note, outliveReaders } from "./output/print.ts";
import { explanationOf, plainLines } from "./output/text.ts";
import { program } from "./program.ts";
import { UsageError } from "./usage-error.ts";

outliveReaders();
program()
  .parseAsync()
  .catch((error: unknown) => {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      return;
    }
    note(`tokenledger: ${plainLines(explanationOf(error))}`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  });
