import { join } from 'node:path';
import * as vscode from 'vscode';
import { gradeExercise } from '../grading/gradeExercise.ts';
import { runLab } from '../labs/runLab.ts';
import { readMachine } from '../runtime/machine.ts';
import { startLabServer } from '../runtime/startLabServer.ts';
import { announce } from './announcements.ts';
import { Activity } from './activity.ts';
import { whatHasBegun } from './begun.ts';
import type { Changes } from './changes.ts';
import { setBegun } from './contextKeys.ts';
import { ExerciseContext } from './exerciseContext.ts';
import { ExerciseDebugger } from './exerciseDebugger.ts';
import { Exercises } from './exercises.ts';
import { Findings } from './findings.ts';
import { Grader } from './grader.ts';
import type { Grading } from './grading.ts';
import { runnerHost } from './host.ts';
import { Kept } from './kept.ts';
import { builtInLabs, LabStore } from './labStore.ts';
import { panelServices } from './panel/services.ts';
import { Panels } from './panel/panels.ts';
import { ScenarioPanels } from './panel/scenarioPanels.ts';
import { ProgressStore } from './progressStore.ts';
import type { Reporter } from './reporter.ts';
import { Runs } from './runs.ts';
import { Servers } from './servers.ts';
import { Targets } from './targets.ts';
import { Turn } from './turn.ts';
import { VirtualDocuments } from './virtualDocuments.ts';
import { XrayPanels } from './xray/xrayPanels.ts';

/** The services, made of each other once, at the first command or view. */
export class Core implements vscode.Disposable {
  private readonly disposables: vscode.Disposable[] = [];
  readonly labs: LabStore;
  readonly progress: ProgressStore;
  readonly targets: Targets;
  readonly activity: Activity;
  readonly grader: Grader;
  readonly exerciseDebugger: ExerciseDebugger;
  readonly runs: Runs;
  readonly servers: Servers;
  readonly exercises: Exercises;
  readonly documents: VirtualDocuments;
  readonly panels: Panels;
  readonly scenarioPanels: ScenarioPanels;
  readonly xrayPanels: XrayPanels;
  private readonly findings: Findings;

  constructor(
    readonly context: vscode.ExtensionContext,
    readonly reporter: Reporter,
    readonly changes: Changes,
  ) {
    const host = runnerHost(context.extensionPath);
    const turn = new Turn();
    this.labs = this.own(new LabStore(builtInLabs(context), changes));
    this.progress = new ProgressStore(context.globalState, reporter.log, changes);
    this.targets = new Targets(this.labs, this.progress);
    this.activity = this.own(new Activity());
    const shared = { progress: this.progress, activity: this.activity, turn, changes, reporter };
    const storage = (context.storageUri ?? context.globalStorageUri).fsPath;
    this.grader = this.own(new Grader(host, gradeExercise, new Kept(join(storage, 'reports')), shared));
    this.exerciseDebugger = new ExerciseDebugger(this.grader, context.extensionPath);
    this.runs = this.own(new Runs(host, { runLab, readMachine }, new Kept(join(storage, 'runs')), shared));
    this.servers = this.own(new Servers(host, startLabServer, shared));
    this.exercises = new Exercises(context.extensionPath, this.progress, this.grader);
    this.documents = this.own(new VirtualDocuments(this.labs));
    this.findings = this.own(new Findings());
    this.panels = this.own(new Panels(context.extensionUri, this.labs, panelServices(this), changes));
    this.scenarioPanels = this.own(new ScenarioPanels(context.extensionUri, reporter));
    this.xrayPanels = this.own(new XrayPanels(context.extensionUri, reporter));
    void reporter.guard('Reading this machine’s settings', () => this.runs.lookAtMachine());
    this.own(new ExerciseContext(this.targets, changes));
    this.own(changes.onDidGrade((grading) => void this.graded(grading)));
    this.own(changes.onDidChange((change) => change === 'progress' && setBegun(whatHasBegun(context.globalState))));
    this.own(vscode.workspace.onDidGrantWorkspaceTrust(() => changes.fire('labs')));
  }

  dispose(): void {
    for (const disposable of this.disposables.reverse()) disposable.dispose();
  }

  private own<T extends vscode.Disposable>(disposable: T): T {
    this.disposables.push(disposable);
    return disposable;
  }

  private async graded(grading: Grading): Promise<void> {
    this.findings.show(grading);
    if (grading.report.verdict === 'our-fault') this.reporter.log.error(`Grading: ${JSON.stringify({ ...grading.report, evidence: undefined })}`);
    await this.reporter.guard('Showing the verdict', () => this.panels.lookAt(grading.exercise));
    if (grading.by === 'command') await this.reporter.guard('Telling the verdict', async () => announce(grading, await this.labs.lab(grading.exercise.lab), this.progress.current));
  }
}
