/** Large payloads and results beside the job store. */
@org.jspecify.annotations.NullMarked
package dev.aside.offload.blob;
