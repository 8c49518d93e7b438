/** Every id that package.json and the code share stands here once; a test holds both against each other. */

export const COMMANDS = {
  startLab: 'backendLabs.startLab',
  openLab: 'backendLabs.openLab',
  openReadme: 'backendLabs.openReadme',
  openQuiz: 'backendLabs.openQuiz',
  runForReal: 'backendLabs.runForReal',
  startServer: 'backendLabs.startServer',
  stopServer: 'backendLabs.stopServer',
  startExercise: 'backendLabs.startExercise',
  resetExercise: 'backendLabs.resetExercise',
  grade: 'backendLabs.grade',
  nextHint: 'backendLabs.nextHint',
  openSolution: 'backendLabs.openSolution',
  cancel: 'backendLabs.cancel',
  simulateFile: 'backendLabs.simulateFile',
  xray: 'backendLabs.xray',
  chooseLearnerFolder: 'backendLabs.chooseLearnerFolder',
  exportProgress: 'backendLabs.exportProgress',
  importProgress: 'backendLabs.importProgress',
  forgetProgress: 'backendLabs.forgetProgress',
  refreshLabs: 'backendLabs.refreshLabs',
  showLog: 'backendLabs.showLog',
} as const;
export type CommandId = (typeof COMMANDS)[keyof typeof COMMANDS];

export const CONFIGURATION = 'backendLabs';

/** Settings, without the section's name. */
export const SETTINGS = {
  labFolders: 'labFolders',
  learnerFolder: 'learnerFolder',
  codeLens: 'codeLens',
  timeLimitFactor: 'timeLimitFactor',
} as const;
export type SettingId = (typeof SETTINGS)[keyof typeof SETTINGS];

/** Context keys that `when` clauses read. */
export const CONTEXTS = {
  /** The active editor shows a learner's exercise file. */
  exerciseOpen: 'backendLabs.exerciseOpen',
  /** Something that Cancel would end is under way. */
  busy: 'backendLabs.busy',
  serverRunning: 'backendLabs.serverRunning',
  /** Some lab was begun; the welcome view is then no more needed. */
  begun: 'backendLabs.begun',
  /** In some lab a prediction was given or skipped, a real run ended, an exercise was graded: the steps of the walkthrough. */
  predicted: 'backendLabs.predicted',
  ran: 'backendLabs.ran',
  graded: 'backendLabs.graded',
} as const;
export type ContextId = (typeof CONTEXTS)[keyof typeof CONTEXTS];

export const VIEWS = { welcome: 'backendLabs.welcome', labs: 'backendLabs.labs' } as const;

/** The panel's view type, which a window reload finds it by. */
export const PANEL_TYPE = 'backendLabs.lab';
/** The view type of the picture of a simulated file; it does not survive a reload, since the file can be simulated again. */
export const SCENARIO_PANEL_TYPE = 'backendLabs.scenario';
/** The view type of an X-ray, which ends with its window too. */
export const XRAY_PANEL_TYPE = 'backendLabs.xrayPanel';

export const WALKTHROUGH = 'start';

/** `contextValue`s of tree items. Those of exercises end with their state: `exercise.passed`. */
export const TREE_ITEMS = { lab: 'lab', exercise: 'exercise', quiz: 'quiz', problem: 'problem' } as const;
