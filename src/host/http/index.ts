export { aboutRoutes, type OpenApiInfo, openApiDocument } from "./openapi.js"
export { type Route, type RouteRequest, route } from "./route.js"
export {
  type HttpEvent,
  type HttpRejection,
  type HttpServerOptions,
  type RunningHttpServer,
  startHttpServer,
} from "./server.js"
