import { assert } from "./assert.ts";
import { sellingLimits } from "./selling-limits.ts";

const kib = 1024;
const mib = 1024 * kib;

/** Every bound of the product, in one place. Units stand last in the names. */
export const limits = {
  /** Segment's promise to its clients; what a public key may send in one event. */
  publicEventBytesMax: 32 * kib,
  /** A till's largest sale has a thousand lines. */
  secretEventBytesMax: 512 * kib,
  batchEventsMax: 2_000,
  bodyBytesMax: 4 * mib,
  /** A gzip body may grow this many times; ordinary JSON grows 5 to 20 times. */
  inflateRatioMax: 100,
  jsonDepthMax: 32,
  /** In one event; an order of `linesPerOrderMax` lines has four or five names a line. */
  jsonNamesMax: 25_000,
  batchNamesMax: 150_000,
  textCharsMax: 64 * kib,
  eventIdCharsMax: 200,
  typeCharsMax: 100,
  channelCharsMax: 50,
  storeCharsMax: 100,
  sessionCharsMax: 200,
  notesPerEventMax: 20,
  identitiesPerEventMax: 8,
  identityCharsMax: 320,
  membersPerPersonMax: 200,
  linesPerOrderMax: 5_000,

  identitiesCachedMax: 200_000,
  /** A profile is read with at most about so many events that are not folded in yet. */
  eventsWaitingPerPersonMax: 16,
  homesWaitingMax: 200_000,
  /** A transaction is over in less; who is to be looked at sooner is not counted on to be looked at after it. */
  wakeMarginMs: 5 * 60_000,
  intakeLanes: 2,
  intakeEventsPerTransactionMax: 1_000,
  intakeWaitingEventsMax: 20_000,
  /** How many transactions a lane reckons with repeats after it met one. */
  intakeDoubtTransactions: 50,
  transactionTriesMax: 8,

  viewsKept: 30,
  boughtItemsKept: 300,
  cartLinesMax: 200,
  cartIdleMs: 30 * 60_000,
  /** So many of a person's last orders can be taken back when they are cancelled. */
  ordersRemembered: 5,
  orderLinesRemembered: 50,
  currenciesKept: 8,
  openMomentsKept: 20,
  momentEvidenceCharsMax: 4_000,
  momentTickMs: 500,
  momentScanMs: 3_600_000,
  momentProfilesPerTransactionMax: 200,
  /** A full page of full profiles keeps the process busy for a few milliseconds. */
  momentScanPageMax: 20,
  momentScorePageMax: 500,
  /** How long a scan rests after each page, as a multiple of what the page took. */
  momentScanRestShare: 4,
  momentWakeRoundsPerTickMax: 50,
  momentsKeptMs: 400 * 24 * 3_600_000,
  exposuresKept: 60,
  messageChannelsKept: 12,
  /** Each is held in memory while a report is made. */
  reportPeopleMax: 500_000,
  /** So few at a time keep the process busy for some 10 ms. */
  reportPeoplePerRead: 100,
  reportsAtOnceMax: 2,
  reportsWaitingMax: 20,
  traitCharsMax: 200,
  consentsKept: 100,

  trainingMsMax: 12 * 3_600_000,
  trainingLinesMax: 10_000_000,
  trainingPeopleMin: 20,
  trainingMeasuredPeopleMax: 5_000,
  trainingOrdersMin: 100,
  trainingGroupMin: 30,
  trainingGroupsMax: 20,
  /** A catalogue with more is learnt item by item: the square of it would not fit beside the rest. */
  trainingDenseItemsMax: 4_000,
  visitsMax: 200_000,
  /** Of the index of visits: 36 bytes a click, at most 800 an item. */
  sessionClicksKept: 500_000,
  sessionItemsMax: 50_000,
  sessionRecentMax: 20,
  sessionNextMax: 10,
  /** Clicks are gathered so long before other hubs are told of them, and so many are told at once. */
  clicksToldMs: 200,
  clicksToldMax: 2_000,
  /** Of the clicks in a note; PostgreSQL takes less than 8,000 bytes with who tells. */
  clickNoteBytesMax: 7_900,
  trainingAssetsMax: 1_000_000,
  demandSeriesMax: 5_000,
  dailySeriesMax: 500,
  /** So far back strange days are told of. */
  anomalyDays: 90,
  careKindsMax: 20,
  scoresPerStatement: 1_000,
  /** Of the training's thread, its flat arrays apart. */
  trainingHeapMiB: 2_048,
  modelsInMemoryMax: 3,
  neighboursAnsweredMax: 24,
  againSeedsMax: 50,

  pageRowsMax: 1_000,
  pageRowsDefault: 50,
  decisionSlotsMax: 20,
  decisionCandidatesMax: 300,
  decisionsWaitingMax: 4_000,
  decisionsPerTransactionMax: 256,
  refusedKeysKept: 300,

  batchRowsMax: 1_000,
  priceMinorMax: 1_000_000_000_000,
  /** Far above any cart, and far below what a number holds exactly, taxes included. */
  cartMinorMax: 1_000_000_000_000_000,
  pricesMax: 500_000,
  taxesMax: 2_000,
  /** Of each kind, when the history of a price is looked at. */
  priceHistoryRowsMax: 2_000,
  promotionsMax: 2_000,
  /** Promotions over several lines of which all combinations are tried: 2 to the power of it. */
  promotionsTriedTogether: 5,
  offersMax: 2_000,
  placementsMax: 200,
  placesMax: 5_000,
  channelsPerPlaceMax: 30,
  partsPerItemMax: 50,

  ...sellingLimits,
  /** How late a process may hear of a change of items, offers or models that another process made. */
  snapshotPollMs: 1_000,
  pastSnapshotsKept: 4,

  requestMsMax: 30_000,
  headersMsMax: 10_000,
  headersBytesMax: 16 * kib,
  /** How often connections are looked at that send too slowly. */
  connectionCheckMs: 2_000,
  stopMsMax: 10_000,
  statementMsMax: 30_000,
  transactionsSpentMax: 100_000_000,
  poolConnectionsMax: 10,
  connectionLifeSecondsMax: 1_800,
  poolWaitMsMax: 2_000,
  retryAfterSecondsMin: 1,
  retryAfterSecondsMax: 300,
  keyCacheMsMax: 2_000,
  requestsPerSecondPerKeyMax: 10_000,

  idempotencyKeyCharsMax: 255,
  idempotencyKeptMs: 7 * 24 * 3_600_000,

  futureMsMax: 10 * 60_000,
  oldestEventMs: Date.UTC(1990, 0, 1),

  diskFreeBytesMin: 512 * mib,
  diskCheckMs: 2_000,

  /** Replaying 2 GB of write-ahead log after a crash takes a minute on a slow disk. */
  postgresReadyMsMax: 300_000,
  postgresStopMsMax: 30_000,
  postgresQuitMsMax: 5_000,
  /** How long a new postmaster is tried again while the old one's processes still hold its memory. */
  postgresLeftoverMsMax: 15_000,
  /** With waits that double up to the longest, about four minutes. */
  postgresRestartTriesMax: 30,
  postgresRestartWaitMsMax: 10_000,
  postgresCalmMs: 60_000,
  postgresPortTriesMax: 20,
  socketFolderBytesMax: 85,
  postgresLogBytesMax: 10 * mib,
  postgresLogCheckMs: 60_000,

  /** What the command line sends again after 429, 503 or a broken connection, and how long it waits between. */
  clientTriesMax: 8,
  clientWaitMsMax: 30_000,
  clientRequestMsMax: 290_000,
  importLanes: 4,
  importBatchEvents: 200,
  importBatchBytesMax: mib,
  importLineCharsMax: 60_000,
  /** Orders, purchases, customers and items that an import remembers while it reads; some 300 MB when all are full. */
  importRememberedMax: 1_000_000,

  townHouseholdsMax: 5_000,
  townHistoryDaysMax: 730,
  townLanes: 3,
  townBatchEvents: 1_000,
  townVisitsPerTickMax: 40,
  townMessagesWaitingMax: 100,
  townMomentsRemembered: 20_000,
  townLinesPerSecond: 8,
  townTrainingMsMax: 300_000,

  cartQuantityMax: 1_000_000,
  cartGroupsMax: 20,
  /** So many places are asked for the goods of a cart. */
  cartPlacesMax: 20,
  cartChangesMax: 100,
  cartsPerTransactionMax: 128,
  cartsWaitingMax: 4_000,
  /** So much of an item, and so many carts an hour from one address, are a shopper's; many share an address. */
  ownCartQuantityMax: 100,
  ownCartsPerAddressHour: 120,
  /** From so many waiting commands on, carts are written by two transactions at once. */
  cartsWaitingForLanes: 16,
  /** How long goods are set aside for a cart after it was last changed. */
  cartHoldMs: 30 * 60_000,
  /** Holds of carts end at whole minutes: a cart that changes again and again does not write its hold anew each time. */
  cartHoldStepMs: 60_000,
  /** An open cart that nobody touches is forgotten after so long; what became of the others is kept as long. */
  cartKeptMs: 30 * 24 * 3_600_000,
  cartPruneRows: 2_000,
  cartCodeTriesMax: 5,
  ordersPerTransactionMax: 64,
  tendersPerOrderMax: 20,
  orderActsMax: 1_000,

  outboxKeptMs: 24 * 3_600_000,
  outboxPruneRows: 5_000,
  idempotencyPruneRows: 5_000,
  /** However many transactions announce changes, listeners are woken no more often than this. */
  notifyMsMin: 25,

  streamsMax: 5_000,
  streamsPerSecretKeyMax: 500,
  /** Every shopper of a shop comes with the same public key. */
  streamsPerPublicKeyMax: 4_000,
  /** What may wait for one reader; who has more than this waiting is dropped, and may come back. */
  streamBufferBytesMax: mib,
  streamBatchMax: 500,
  /** So many changes are looked through at a time for those that a reader missed. */
  streamPageRows: 2_000,
  streamPollMs: 1_000,
  streamHeldMsMax: 200,
  streamBehindMsMax: 5_000,
  streamHeartbeatMs: 15_000,
  streamKeyCheckMs: 2_000,
  streamDrainMsMax: 30_000,
  streamFarewellMsMax: 30_000,
  streamRetryMs: 1_000,

  webhooksMax: 100,
  sendDispatchRows: 500,
  sendTickMs: 500,
  sendWakeMsMin: 50,
  /** A dead webhook holds as many sockets as this, and delays no other. */
  sendAtOncePerWebhook: 4,
  sendFailuresMax: 5,
  sendAnswerMsMax: 10_000,
  sendAnswerBytesMax: 64 * kib,
  sendAnswerCharsKept: 500,
  /** Longer than an attempt may take: a hub that died loses what it held after this. */
  sendLeaseMs: 60_000,
  sendOldSecretMs: 24 * 3_600_000,
  /** Secrets that are good at once, of rotations within that time. */
  sendSecretsMax: 4,
  sendFailingMsMax: 5 * 24 * 3_600_000,
  sendKeptMs: 30 * 24 * 3_600_000,
  sendReplayMax: 10_000,

  consumerBatchMax: 2_000,
  consumerPollMs: 1_000,
  wakeUpMsMin: 100,
} as const;

assert(
  limits.publicEventBytesMax <= limits.secretEventBytesMax,
  "a public key may not send more than a secret one",
);
assert(limits.jsonNamesMax <= limits.batchNamesMax, "one event may have as many names as a batch");
assert(limits.secretEventBytesMax < limits.bodyBytesMax, "the largest event fits in one body");
assert(
  limits.intakeEventsPerTransactionMax <= limits.intakeWaitingEventsMax,
  "a full transaction fits in the queue",
);
assert(limits.batchEventsMax <= limits.intakeWaitingEventsMax, "a full batch fits in the queue");
assert(
  limits.importBatchBytesMax + limits.secretEventBytesMax < limits.bodyBytesMax,
  "a batch that one more event makes too large still fits in a body",
);
assert(
  limits.poolWaitMsMax < limits.requestMsMax,
  "a request hears that the pool is full before it times out",
);
