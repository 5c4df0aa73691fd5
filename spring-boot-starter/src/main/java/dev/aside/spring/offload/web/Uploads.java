package dev.aside.spring.offload.web;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartFile;

/**
 * Copies uploaded files into memory, because the server deletes them when the request is answered. Thread-safe.
 */
final class Uploads {
    private final long maxBytes;

    /**
     * @param maxBytes of all files of one request
     */
    Uploads(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Arguments that may be kept.
     *
     * @param files the copies among them
     * @param bytes of all copies
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares arguments
    record Kept(@Nullable Object[] arguments, List<MultipartFile> files, long bytes) {}

    /**
     * @throws MaxUploadSizeExceededException if the files are too large; Spring answers that by 413
     */
    Kept keep(@Nullable Object[] arguments) throws IOException {
        Copying copying = new Copying();
        @Nullable Object[] kept = arguments.clone();
        for (int i = 0; i < kept.length; i++) {
            kept[i] = copying.of(kept[i]);
        }
        return new Kept(kept, copying.files, copying.bytes);
    }

    private final class Copying {
        private final List<MultipartFile> files = new ArrayList<>();
        private long bytes;

        @Nullable Object of(@Nullable Object argument) throws IOException {
            if (argument instanceof MultipartFile file) {
                return copy(file);
            }
            if (argument instanceof MultipartFile[] several) {
                MultipartFile[] copies = new MultipartFile[several.length];
                for (int i = 0; i < several.length; i++) {
                    copies[i] = copy(several[i]);
                }
                return copies;
            }
            if (argument instanceof MultiValueMap<?, ?> map) {
                return ofMultiMap(map);
            }
            if (argument instanceof Map<?, ?> map) {
                return ofMap(map);
            }
            return argument instanceof List<?> list ? ofList(list) : argument;
        }

        private Object ofList(List<?> list) throws IOException {
            if (list.stream().noneMatch(MultipartFile.class::isInstance)) {
                return list;
            }
            List<@Nullable Object> copies = new ArrayList<>();
            for (Object element : list) {
                copies.add(of(element));
            }
            return copies;
        }

        private Object ofMap(Map<?, ?> map) throws IOException {
            if (map.values().stream().noneMatch(MultipartFile.class::isInstance)) {
                return map;
            }
            Map<Object, @Nullable Object> copies = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                copies.put(entry.getKey(), of(entry.getValue()));
            }
            return copies;
        }

        private Object ofMultiMap(MultiValueMap<?, ?> map) throws IOException {
            boolean files =
                    map.values().stream().anyMatch(values -> values.stream().anyMatch(MultipartFile.class::isInstance));
            if (!files) {
                return map;
            }
            MultiValueMap<Object, @Nullable Object> copies = new LinkedMultiValueMap<>();
            for (Map.Entry<?, ? extends List<?>> entry : map.entrySet()) {
                for (Object element : entry.getValue()) {
                    copies.add(entry.getKey(), of(element));
                }
            }
            return copies;
        }

        private MultipartFile copy(MultipartFile file) throws IOException {
            bytes += file.getSize();
            if (bytes > maxBytes) {
                throw new MaxUploadSizeExceededException(maxBytes);
            }
            MultipartFile copy = new Copy(
                    file.getName(), String.valueOf(file.getOriginalFilename()), file.getContentType(), file.getBytes());
            files.add(copy);
            return copy;
        }
    }

    /** A file in memory. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares files
    private record Copy(
            String name, String originalName, @Nullable String type, byte[] content) implements MultipartFile {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public String getOriginalFilename() {
            return originalName;
        }

        @Override
        public @Nullable String getContentType() {
            return type;
        }

        @Override
        public boolean isEmpty() {
            return content.length == 0;
        }

        @Override
        public long getSize() {
            return content.length;
        }

        @Override
        public byte[] getBytes() {
            return content.clone();
        }

        @Override
        public InputStream getInputStream() {
            return new ByteArrayInputStream(content);
        }

        @Override
        public void transferTo(File destination) throws IOException {
            Files.write(destination.toPath(), content);
        }
    }
}
