export { type TcpLinkOptions, tcpLink } from "./tcp-link.js"
