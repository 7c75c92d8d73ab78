namespace Tokamak.App.Demo;

/// <summary>Common surnames and given names of Taiwan, put together by dice: likely, and nobody in particular.</summary>
internal static class DemoPeople
{
    private static readonly string[] Surnames =
    [
        "陳", "陳", "陳", "林", "林", "黃", "黃", "張", "張", "李", "李", "王", "吳", "劉", "蔡", "楊", "許", "鄭", "謝", "郭",
        "洪", "邱", "曾", "廖", "賴", "徐", "周", "葉", "蘇", "莊", "呂", "江", "何", "蕭", "羅", "高", "潘", "簡", "朱", "鍾",
    ];

    private static readonly string[] GivenNames =
    [
        "怡君", "雅婷", "佳穎", "宗翰", "冠宇", "家豪", "欣怡", "淑芬", "詩涵", "承恩", "品妤", "郁婷", "筱涵", "柏翰", "彥廷",
        "思妤", "子晴", "佩珊", "俊傑", "宜蓁", "雅雯", "婉婷", "靜宜", "心怡", "惠雯", "立安", "庭瑜", "芷涵", "家瑜", "育誠",
        "孟潔", "書豪", "佳玲", "雅惠", "哲瑋", "昱廷", "采潔", "若彤", "映辰", "羽彤", "志偉", "建宏", "美玲", "慧君", "珮瑜",
    ];

    public static string[] Names(Dice dice, int count)
    {
        var seen = new HashSet<string>();
        while (seen.Count < count) seen.Add(Name(dice));
        return [.. seen];
    }

    public static string Name(Dice dice) => dice.Pick(Surnames) + dice.Pick(GivenNames);
}
