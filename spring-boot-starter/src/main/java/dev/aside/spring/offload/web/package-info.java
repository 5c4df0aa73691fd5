/**
 * Offloaded endpoints of Spring MVC, and the addresses of their jobs. A request becomes arguments on the thread of the
 * server; a worker calls the handler and renders its answer into bytes; whoever has the bytes can send them.
 */
@NullMarked
package dev.aside.spring.offload.web;

import org.jspecify.annotations.NullMarked;
