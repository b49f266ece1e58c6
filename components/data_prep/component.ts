import { component, type Dataset, type Html, type Int, type Metrics, type TaskContext } from 'ferrule';
import { countByClass } from './counts.ts';
import { withoutDuplicates } from './duplicates.ts';
import { examine } from './examine.ts';
import { sayWhatWasFound } from './log.ts';
import { parts, type Finding, type LeftOut, type Photograph } from './photograph.ts';
import { fileNames, place } from './place.ts';
import { splitReport } from './report.ts';
import { openSource } from './source.ts';
import { split } from './split.ts';

interface Inputs {
  /** Where the photographs are, one folder a class: a folder, gs:// or s3://bucket/prefix, a bucket's name, or sample:weather. */
  readonly bucket: string;
  /** Fixes the split. */
  readonly seed?: Int;
  /** Share of each class that goes to validation. */
  readonly validationShare?: number;
  /** Share of each class that goes to the test. */
  readonly testShare?: number;
  /** Fewest usable photographs a class may have, at least 3. */
  readonly minimumPerClass?: Int;
}

interface Outputs {
  /** Photographs to train on, one folder a class. */
  readonly train: Dataset;
  /** Photographs to choose the best epoch by. */
  readonly validation: Dataset;
  /** Photographs that training never sees. */
  readonly test: Dataset;
  /** Counts of each class and part, some of the photographs, and what was left out and why. */
  readonly report: Html;
  readonly metrics: Metrics;
}

/** Checks photographs, drops unreadable and repeated ones, and splits each class into train, validation and test. */
export const dataPrep = component(
  {
    image: { name: 'data_prep', uriFrom: 'PREP_DATA_DOCKER_URI' },
    reads: ['bucket'],
    cpu: 2,
    memory: '2Gi',
  },
  async (
    { bucket, seed = 42, validationShare = 0.15, testShare = 0.15, minimumPerClass = 3 }: Inputs,
    out: Outputs,
    { scratch, signal }: TaskContext,
  ): Promise<{
    /** Photographs in the three parts together. */
    images: Int;
    /** The classes' names, in code-unit order. */
    classes: string[];
    /** Files that were not used. */
    leftOut: Int;
  }> => {
    const source = await openSource(bucket, scratch, signal);
    console.log(`${source.description}: ${source.files.length} files`);

    const findings = await examine(source, signal);
    const { photographs, leftOut: repeats, contested } = withoutDuplicates(findings.filter(isPhotograph));
    const leftOut = [...findings.filter(isLeftOut), ...repeats];
    sayWhatWasFound({ photographs, leftOut, contested });

    const placed = split(photographs, { seed, validationShare, testShare, minimumPerClass });
    const counts = countByClass(placed);
    const classes = counts.map(({ className }) => className);

    const names = fileNames(photographs);
    for (const part of parts) {
      const members = placed.filter((entry) => entry.part === part).map((entry) => entry.photograph);
      await place(members, out[part].path, { names, own: source.own, signal });
      const perClass = Object.fromEntries(counts.map((count) => [count.className, count[part]]));
      Object.assign(out[part].metadata, { classes, images: members.length, perClass });
      out.metrics.log(part, members.length);
    }
    out.metrics.log('classes', classes.length);
    out.metrics.log('leftOut', leftOut.length);
    await splitReport(out.report.path, { bucket, seed, placed, counts, leftOut, contested });
    return { images: placed.length, classes, leftOut: leftOut.length };
  },
);

function isPhotograph(finding: Finding): finding is Extract<Finding, Photograph> {
  return finding.kind === 'photograph';
}

function isLeftOut(finding: Finding): finding is Extract<Finding, LeftOut> {
  return finding.kind === 'left out';
}
