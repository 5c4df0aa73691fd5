package dev.aside.demo.documents;

import dev.aside.offload.JobContext;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** A picture made small. */
public final class Thumbnail {
    /** A small file may claim to be a huge picture; its pixels would fill the memory. */
    private static final long MOST_PIXELS = 50_000_000;

    private Thumbnail() {}

    /**
     * A PNG of the picture, with its proportions; never larger than the picture.
     *
     * @param image PNG, JPEG, GIF, BMP
     * @param width of the result in pixels, 1 or more
     * @throws ImageException if it is no such picture, or too large a one
     */
    public static byte[] of(byte[] image, int width, JobContext job) throws IOException {
        try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(image))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new ImageException("the body is no picture [hint: PNG, JPEG, GIF or BMP]", null);
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                BufferedImage small = scaled(read(reader, width), width);
                job.throwIfCancelled();
                ByteArrayOutputStream png = new ByteArrayOutputStream();
                ImageIO.write(small, "png", png);
                return png.toByteArray();
            } catch (IOException
                    | IndexOutOfBoundsException
                    | IllegalArgumentException e) { // what readers throw at broken files
                throw new ImageException("the picture is broken", e);
            } finally {
                reader.dispose();
            }
        }
    }

    private static BufferedImage read(ImageReader reader, int width) throws IOException {
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
        if (pixels > MOST_PIXELS) {
            throw new ImageException(
                    "the picture has " + reader.getWidth(0) + " x " + reader.getHeight(0)
                            + " pixels [hint: at most 50 million]",
                    null);
        }
        ImageReadParam half = reader.getDefaultReadParam();
        int step = Math.max(1, reader.getWidth(0) / (2 * width)); // most of the pixels need not be kept
        half.setSourceSubsampling(step, step, 0, 0);
        return reader.read(0, half);
    }

    private static BufferedImage scaled(BufferedImage image, int width) {
        int to = Math.min(width, image.getWidth());
        int height = Math.max(1, Math.round((float) image.getHeight() * to / image.getWidth()));
        BufferedImage small = new BufferedImage(to, height, BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = small.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
            graphics.drawImage(image, 0, 0, to, height, null);
        } finally {
            graphics.dispose();
        }
        return small;
    }
}
