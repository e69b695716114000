import {
  newCollectorStatistics,
  readCollectorCounts,
  readCollectorRuns,
  type CollectorStatistics,
} from "@tokenledger/local";
import { count } from "../output/numbers.ts";
import { ok, problem, warning, type Finding } from "./finding.ts";

/** What the collectors that ran here refused, set aside or lost, and how the latest one is. Nothing where none ran. */
export function lookAtCollector(directory: string): Finding[] {
  const runs = readCollectorRuns(directory);
  const latest = runs.at(-1);
  if (latest === undefined) return [];
  const sum = (field: "setAside" | "lost" | "crashes"): number =>
    runs.reduce((total, { statistics }) => total + statistics[field], 0);
  const findings = [...lossFindings(sum("lost"), sum("setAside")), ...stateFindings(latest.statistics, latest.ended)];
  if (sum("crashes") > 0) {
    const words = runs.findLast(({ statistics }) => statistics.lastWords !== "")?.statistics.lastWords ?? "";
    findings.push(
      warning(
        "collector",
        `ended unexpectedly ${times(sum("crashes"))}`,
        `its queue outlives it; its last words: ${words || "none"}`,
      ),
    );
  }
  return findings.length > 0 ? findings : [ok("collector", `took ${count(latest.statistics.accepted)} spans`)];
}

/**
 * What a collector that others run says of itself, since it started.
 *
 * @param metricsUrl Of its own metrics, for Prometheus.
 */
export async function lookAtCollectorOf(metricsUrl: string): Promise<Finding[]> {
  try {
    const statistics = { ...newCollectorStatistics(), ...(await readCollectorCounts(metricsUrl)) };
    const findings = [...lossFindings(statistics.lost, statistics.setAside), ...stateFindings(statistics, false)];
    return findings.length > 0 ? findings : [ok("collector", `took ${count(statistics.accepted)} spans`)];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const found = `its own metrics at ${metricsUrl} cannot be read: ${reason}`;
    return [problem("collector", found, "start the collector, or correct the address")];
  }
}

const times = (number: number): string => (number === 1 ? "once" : `${count(number)} times`);

function lossFindings(lost: number, setAside: number): Finding[] {
  const findings: Finding[] = [];
  if (lost > 0) {
    findings.push(
      problem("collector", `${count(lost)} spans were refused by ClickHouse for good`, "its log names the reason"),
    );
  }
  if (setAside > 0) {
    findings.push(
      warning(
        "collector",
        `${count(setAside)} spans set aside: no valid ids, or a start that is not between 2015 and tomorrow`,
        "correct the program that made them",
      ),
    );
  }
  return findings;
}

function stateFindings({ down, queueBytes, queueCapacity, refused }: CollectorStatistics, ended: boolean): Finding[] {
  if (ended) return [];
  const findings: Finding[] = [];
  if (down) findings.push(problem("collector", "is down, and is being started again", "see what tokenledger up says"));
  if (queueCapacity > 0 && queueBytes > 0.8 * queueCapacity) {
    const share = Math.round((100 * queueBytes) / queueCapacity);
    findings.push(
      warning("collector", `its queue on disk is ${share} % full`, "look why ClickHouse does not take more"),
    );
  }
  if (refused > 0) {
    findings.push(
      warning("collector", `${count(refused)} spans sent back with "try again"`, "their senders still have them"),
    );
  }
  return findings;
}
