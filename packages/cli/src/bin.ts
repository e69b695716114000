#!/usr/bin/env node
import { CommanderError } from "commander";
import { note } from "./output/print.ts";
import { plain } from "./output/text.ts";
import { program } from "./program.ts";
import { UsageError } from "./usage-error.ts";

program()
  .parseAsync()
  .catch((error: unknown) => {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      return;
    }
    note(`tokenledger: ${plain(error instanceof Error ? error.message : error)}`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  });
