export { type ErasePeople, type EraseRoom, governRoutes } from "./routes.ts";
