package dev.aside.demo.web;

import dev.aside.demo.data.Shop;
import java.util.List;

/**
 * One node of the demo, as the page needs to know it.
 *
 * @param name {@code A}, {@code B}, ...
 * @param nodes every node's {@code http://localhost:port}, in order
 * @param examples what to try
 */
public record NodeInfo(String name, List<String> nodes, Shop.Examples examples) {}
