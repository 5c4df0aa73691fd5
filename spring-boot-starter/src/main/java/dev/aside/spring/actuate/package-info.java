/**
 * What operators see of Aside: meters, health and the Actuator endpoint {@code aside}. Micrometer, Actuator and Redis are
 * each needed only by the classes named after them.
 */
@NullMarked
package dev.aside.spring.actuate;

import org.jspecify.annotations.NullMarked;
