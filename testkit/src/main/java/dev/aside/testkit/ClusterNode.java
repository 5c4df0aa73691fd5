package dev.aside.testkit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** One line of {@code CLUSTER NODES}: what one node thinks of another, or of itself. */
record ClusterNode(
        String id, int port, int busPort, boolean master, String masterId, boolean failed, List<Slots> slots) {

    record Slots(int first, int last) {}

    /** Parses the reply, by ID: id address flags master ping pong epoch link slot... Leaves out nodes that are still being met. */
    static List<ClusterNode> parse(String reply) {
        return reply.lines()
                .filter(line -> !line.contains("handshake") && !line.contains("noaddr"))
                .map(ClusterNode::parseLine)
                .sorted(Comparator.comparing(ClusterNode::id))
                .toList();
    }

    private static ClusterNode parseLine(String line) {
        List<String> words = List.of(line.split(" ", -1));
        String address = words.get(1).replaceFirst(",.*", ""); // ip:port@busPort[,hostname]
        List<String> flags = List.of(words.get(2).split(",", -1));
        List<Slots> slots = new ArrayList<>();
        for (String range : words.subList(8, words.size())) {
            if (range.matches("\\d+(-\\d+)?")) { // else one that is migrating
                String[] ends = range.split("-", -1);
                slots.add(new Slots(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1])));
            }
        }
        return new ClusterNode(
                words.get(0),
                Integer.parseInt(address.substring(address.lastIndexOf(':') + 1, address.indexOf('@'))),
                Integer.parseInt(address.substring(address.indexOf('@') + 1)),
                flags.contains("master"),
                words.get(3),
                flags.contains("fail"),
                slots);
    }

    boolean servesAny() {
        return master && !failed && !slots.isEmpty();
    }

    boolean serves(long slot) {
        return master && !failed && slots.stream().anyMatch(range -> range.first <= slot && slot <= range.last);
    }
}
