package dev.aside.testkit;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Which parts of a proxy's connections one of them belongs to. Confined to the loop's thread. */
final class ProxyMembership {
    private final ProxyFlow toServer;
    private final ProxyFlow toClient;
    private final Map<ProxySplit, Boolean> sending = new HashMap<>();
    private String tail = "";

    ProxyMembership(ProxyFlow toServer, ProxyFlow toClient) {
        this.toServer = toServer;
        this.toClient = toClient;
    }

    void add(ProxySplit split) {
        sending.put(split, false);
        join(split.part(false));
    }

    boolean isIn(ProxyPart part) {
        return sending.entrySet().stream().anyMatch(entry -> entry.getKey().part(entry.getValue()) == part);
    }

    /** Looks at what the client has just sent; it is on its way to the server already. */
    void sent(byte[] bytes) {
        if (bytes.length == 0 || !sending.containsValue(false)) {
            return;
        }
        int longest = 0;
        for (Map.Entry<ProxySplit, Boolean> entry : sending.entrySet()) {
            ProxySplit split = entry.getKey();
            longest = Math.max(longest, split.length());
            if (!entry.getValue() && split.isIn(tail, bytes)) {
                leave(split.part(false));
                join(split.part(true));
                entry.setValue(true);
            }
        }
        String all = tail + new String(bytes, StandardCharsets.ISO_8859_1);
        tail = all.substring(Math.max(0, all.length() - longest + 1));
    }

    private void join(ProxyPart part) {
        toServer.join(part.line(FaultProxy.Direction.TO_SERVER));
        toClient.join(part.line(FaultProxy.Direction.TO_CLIENT));
    }

    private void leave(ProxyPart part) {
        toServer.leave(part.line(FaultProxy.Direction.TO_SERVER));
        toClient.leave(part.line(FaultProxy.Direction.TO_CLIENT));
    }
}
