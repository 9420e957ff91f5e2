using Chat.Domain.Links;
using Chat.TestKit;

namespace Chat.Domain.Tests.Links;

/// <summary>A page's picture is what its bytes are.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class LinkImagesTests
{
    private const string Frame = "FFC0000808000A0005" + "00"; // SOF0: 10 high, 5 wide

    [TestCase("89504E470D0A1A0A0000000D494844520000012C000000C8", "png", 300, 200)]
    [TestCase("89504E470D0A1A0A0000000D49484452000186A100000001", "png", null, null, TestName = "a side of more than 100,000 is not told")]
    [TestCase("4749463839610A000500", "gif", 10, 5)]
    [TestCase("5249464600000000574542505650385800000000000000000900000400000000", "webp", 10, 5)]
    [TestCase("FFD8FFE000046A6A" + Frame, "jpg", 5, 10)]
    [TestCase("FFD8FFE1001E457869660000" + "4D4D002A00000008" + "0001" + "011200030000000100060000" + Frame, "jpg", 10, 5, TestName = "one that is to be turned is told as it is seen")]
    [TestCase("FFD8FFFFFFC40004AAAA" + Frame, "jpg", 5, 10, TestName = "fill bytes and tables are passed over")]
    [TestCase("FFD8FFC0", "jpg", null, null)]
    [TestCase("FFD8FFC00001", "jpg", null, null)]
    [TestCase("FFD8FFE0FFFF00", "jpg", null, null)]
    public void A_picture_tells_its_size(string hex, string extension, int? width, int? height)
    {
        LinkImage image = LinkImages.Read(Convert.FromHexString(hex))!;

        Assert.That((image.Extension, image.Width, image.Height), Is.EqualTo((extension, width, height)));
    }

    [TestCase("3C73766720786D6C6E733D27")]
    [TestCase("3C68746D6C3E")]
    [TestCase("25504446")]
    [TestCase("424D")]
    [TestCase("")]
    public void All_else_is_none(string hex) => Assert.That(LinkImages.Read(Convert.FromHexString(hex)), Is.Null);

    [Test]
    public void Nor_is_what_has_more_than_two_mebibytes()
    {
        Assert.That(LinkImages.Read(SamplePictures.Png(LinkImages.MaxBytes)), Is.Not.Null);
        Assert.That(LinkImages.Read(SamplePictures.Png(LinkImages.MaxBytes + 1)), Is.Null);
    }
}
